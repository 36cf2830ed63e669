/** The short training that is disturbed: the command line as a process, and what its folder must hold in the end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSafetensors } from '#atelier/checkpoint/safetensors.js'
import { root } from '../../scripts/lib/shell.mjs'

const main = join(root, 'dist', 'cli', 'main.js')

/** A training of about two seconds that has all a training may have: images held out, many epochs, a short last one. */
export const SHORT_TRAINING = [
  ...['train', 'nn', '--limit', '3000', '--set', 'holdOut=500', '--set', 'epochs=12', '--max-steps', '1100'],
  ...['--threads', '1'],
]

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly stderr: string
  readonly seconds: number
}

export interface Started {
  readonly child: ChildProcess
  readonly ending: Promise<Ending>
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv
  /** What is put before node's own path, such as `prlimit` with its arguments. */
  readonly wrapper?: readonly string[]
  readonly cwd?: string
}

/** `atelier ...args`. */
export function start(args: readonly string[], options: StartOptions = {}): Started {
  const { env, wrapper = [], cwd } = options
  const [program, ...rest] = [...wrapper, process.execPath, main, ...args] as [string, ...string[]]
  const began = performance.now()
  const child = spawn(program, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  let stderr = ''
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  const ending = once(child, 'close').then(([code]) => {
    return { code: code as number | null, stderr, seconds: (performance.now() - began) / 1000 }
  })
  return { child, ending }
}

export const atelier = (args: readonly string[], options?: StartOptions): Promise<Ending> =>
  start(args, options).ending

/** The training from its beginning to its end, which all others are held to. */
export async function trainWhole(folder: string): Promise<Ending> {
  const ending = await atelier([...SHORT_TRAINING, '--out', folder])
  if (ending.code !== 0) throw new Error(`The undisturbed training failed: ${ending.stderr}`)
  return ending
}

/** How far a training came that left this folder. */
export const stages = ['set-up', 'epochs', 'scoring', 'report', 'end'] as const
export type Stage = (typeof stages)[number]

export function stageOf(folder: string): Stage {
  const has = (file: string) => existsSync(join(folder, file))
  if (has('report.html')) return 'end'
  if (has('metrics.json')) return 'report'
  if (has('model.safetensors')) return 'scoring'
  return has('run.json') ? 'epochs' : 'set-up'
}

/** What a user does who finds such a folder: why it failed, or null. */
export async function goOn(run: string, stage: Stage): Promise<string | null> {
  if (stage === 'end') return null
  const { code, stderr } = await atelier(
    stage === 'set-up' ? [...SHORT_TRAINING, '--out', run] : ['train', '--resume', run],
  )
  return code === 0 ? null : `exit ${code}: ${stderr.trim().split('\n').at(-1)}`
}

/**
 * In what two folders of the same training differ, times aside; null where in nothing. The report, which is made from
 * the other files and tells times on most of its lines, only has to be whole.
 */
export async function differenceOf(folder: string, whole: string): Promise<string | null> {
  const [files, wanted] = [readdirSync(folder).sort(), readdirSync(whole).sort()]
  if (files.join() !== wanted.join()) return `files ${files.join(', ')} in place of ${wanted.join(', ')}`
  for (const file of files) {
    const [found, expected] = [await withoutTimes(join(folder, file)), await withoutTimes(join(whole, file))]
    if (!found.equals(expected)) return `other ${file}`
  }
  return null
}

/** The bytes of a run's file, those of times taken out. */
async function withoutTimes(path: string): Promise<Buffer> {
  const bytes = readFileSync(path)
  const text = () => bytes.toString()
  if (path.endsWith('last.safetensors')) return withoutSeconds(path)
  if (path.endsWith('history.csv')) return Buffer.from(text().replaceAll(/,[^,\n]*,[^,\n]*$/gm, ''))
  if (path.endsWith('metrics.json')) return Buffer.from(text().replace(/"seconds": [\d.e-]+/, ''))
  if (path.endsWith('report.html')) return Buffer.from(text().slice(-20))
  if (path.endsWith('run.json')) {
    const { startedAt: _, command: __, revision: ___, ...rest } = JSON.parse(text())
    return Buffer.from(JSON.stringify(rest))
  }
  return bytes
}

/** A checkpoint's tensors, and its position without the time that it took to get there. */
async function withoutSeconds(path: string): Promise<Buffer> {
  const { tensors, metadata } = await readSafetensors(path)
  const { epochSeconds: _, totalSeconds: __, ...position } = JSON.parse(metadata.position ?? '')
  const values = [...tensors].flatMap(([name, { data }]) => [Buffer.from(name), new Uint8Array(data.buffer)])
  return Buffer.concat([Buffer.from(JSON.stringify(position)), ...values])
}
