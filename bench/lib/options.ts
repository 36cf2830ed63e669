/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import { usableCores } from '#atelier/core/cores.js'
import { type ModelName, modelNames } from '#atelier/models/names.js'
import { type Task, tasks } from './types.js'

export const peerNames = [
  'pytorch',
  'onnxruntime',
  'onnxruntime-web',
  'tfjs-cpu',
  'tfjs-wasm',
  'jax-js',
] as const
export type PeerName = (typeof peerNames)[number]
const quickPeers: readonly PeerName[] = ['pytorch', 'onnxruntime']

export interface Options {
  /** The command that repeats it. */
  readonly command: string
  readonly quick: boolean
  readonly write: boolean
  readonly json: string | undefined
  readonly rounds: number
  readonly threads: number
  readonly models: readonly ModelName[]
  readonly tasks: readonly Task[]
  readonly peers: readonly PeerName[]
  /** Interpreters with PyTorch besides the system's own. */
  readonly pythons: readonly string[]
  /** Of a turn. */
  readonly seconds: Readonly<Record<Task, number>>
  /** Of the first trial of a mode. */
  readonly trialSeconds: Readonly<Record<Task, number>>
}

const HELP = `Usage: npm run bench -- [options]

Measures Atelier and its peers in turn, on the same models and batches: training, inference of one image and of
1,000. bench/README.md says how.

  --quick            shorter and fewer turns, PyTorch and onnxruntime alone
  --python PATH      another interpreter with PyTorch to measure; as often as wanted
  --models LIST      of ${modelNames.join(', ')} (default: all)
  --tasks LIST       of ${tasks.join(', ')} (default: all)
  --peers LIST       of ${peerNames.join(', ')} (default: all, or "none" for Atelier alone)
  --rounds N         rounds in which each takes its turn (default: 5, quick 3)
  --threads N        at most, of each contestant (default: the processors that this process may use)
  --json FILE        write all figures to FILE
  --write            put the tables into bench/README.md
  --help             this text
`

export class UsageError extends Error {}

/** What was asked for; null when it was only the help, which has been printed then. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parse(args)
  if (values.help) {
    process.stdout.write(HELP)
    return null
  }
  const { quick, write, json, python } = values
  const shown = withoutPaths(args)
  const command = ['npm run bench', ...(shown.length > 0 ? ['--', ...shown] : [])].join(' ')
  return {
    command: heldBy() ? `ONEDNN_MAX_CPU_ISA=${heldBy()} ${command}` : command,
    quick,
    write,
    json,
    rounds: wholeNumber('--rounds', values.rounds) ?? (quick ? 3 : 5),
    threads: wholeNumber('--threads', values.threads) ?? usableCores(),
    models: listOf('--models', values.models, modelNames),
    tasks: listOf('--tasks', values.tasks, tasks),
    peers:
      values.peers === 'none'
        ? []
        : listOf('--peers', values.peers, peerNames, quick ? quickPeers : peerNames),
    pythons: python ?? [],
    // One training step of the larger models takes PyTorch about half a second.
    seconds: quick ? { training: 0.5, one: 0.1, thousand: 0.2 } : { training: 2, one: 0.7, thousand: 1 },
    trialSeconds: quick
      ? { training: 0.1, one: 0.05, thousand: 0.1 }
      : { training: 0.4, one: 0.15, thousand: 0.25 },
  }
}

/** The arguments as anyone can repeat them: interpreters lie elsewhere, and the file of figures is nobody else's. */
function withoutPaths(args: readonly string[]): readonly string[] {
  const text = args.join('\n')
  const pythons = text.replaceAll(/^--python[\n=].*$/gm, '--python\nPYTHON')
  return pythons
    .replaceAll(/^--json[\n=].*\n?/gm, '')
    .split('\n')
    .filter(Boolean)
}

/** What oneDNN is held to by its environment variable; undefined where it may use all that the processor has. */
export const heldBy = (): string | undefined => process.env.ONEDNN_MAX_CPU_ISA || undefined

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: flag,
        write: flag,
        help: flag,
        json: text,
        models: text,
        tasks: text,
        peers: text,
        rounds: text,
        threads: text,
        python: { type: 'string', multiple: true },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}. See npm run bench -- --help`)
  }
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new UsageError(`${flag}: expected a whole number from 1 to 999, received ${text}`)
  }
  return Number(text)
}

function listOf<Name extends string>(
  flag: string,
  text: string | undefined,
  all: readonly Name[],
  byDefault = all,
): readonly Name[] {
  if (text === undefined) return byDefault
  const wanted: readonly string[] = text.split(',').map((name) => name.trim())
  const unknown = wanted.find((name) => !(all as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`${flag}: expected names out of ${all.join(', ')}, received ${unknown}`)
  }
  return all.filter((name) => wanted.includes(name))
}
