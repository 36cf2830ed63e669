// The command line of the benchmark.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export const TASKS = ['training', 'one', 'thousand']
const MODELS = ['nn', 'dnn', 'cnn', 'resnet50']
export const PEERS = ['pytorch', 'onnxruntime', 'tfjs-cpu', 'tfjs-wasm']
const QUICK_PEERS = ['pytorch', 'onnxruntime']

const HELP = `Usage: npm run bench -- [options]

Measures Atelier and its peers in turn, on the same models and batches: training, inference of one image and of
1,000. bench/README.md says how.

  --quick            about two minutes: fewer rounds, shorter turns, without TF.js
  --models LIST      of ${MODELS.join(', ')} (default: all)
  --tasks LIST       of ${TASKS.join(', ')} (default: all)
  --peers LIST       of ${PEERS.join(', ')} (default: all, or "none" for Atelier alone)
  --rounds N         rounds in which each takes its turn (default: 5, quick 3)
  --threads N        of each contestant (default: the processors that this process may use)
  --json FILE        write all figures to FILE
  --write            put the tables into bench/README.md
  --help             this text
`

export class UsageError extends Error {}

/** What was asked for; null when it was only the help, which has been printed then. */
export function readOptions(args) {
  const values = parse(args)
  if (values.help) {
    process.stdout.write(HELP)
    return null
  }
  const { quick, write, json } = values
  const rounds = wholeNumber('--rounds', values.rounds) ?? (quick ? 3 : 5)
  return {
    quick,
    write,
    json,
    rounds,
    threads: wholeNumber('--threads', values.threads) ?? availableParallelism(),
    models: listOf('--models', values.models, MODELS),
    tasks: listOf('--tasks', values.tasks, TASKS),
    peers: values.peers === 'none' ? [] : listOf('--peers', values.peers, PEERS, quick ? QUICK_PEERS : PEERS),
    // Seconds of a turn. One training step of the larger models takes PyTorch about half a second.
    seconds: quick ? { training: 0.5, one: 0.1, thousand: 0.2 } : { training: 3, one: 0.7, thousand: 1 },
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  }
}

function parse(args) {
  const flag = { type: 'boolean', default: false }
  const text = { type: 'string' }
  try {
    return parseArgs({
      args,
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
      },
    }).values
  } catch (error) {
    throw new UsageError(`${error.message}. See npm run bench -- --help`)
  }
}

function wholeNumber(flag, text) {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new UsageError(`${flag}: expected a whole number from 1 to 999, received ${text}`)
  }
  return Number(text)
}

function listOf(flag, text, all, byDefault = all) {
  if (text === undefined) return byDefault
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.find((name) => !all.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`${flag}: expected names out of ${all.join(', ')}, received ${unknown}`)
  }
  return all.filter((name) => wanted.includes(name))
}
