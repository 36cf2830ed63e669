/** One training as a process of the command line: what it is started with, what it tells, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { constants, platform, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AtelierError } from '../../core/errors.js'
import { createFolder } from '../../core/files.js'
import { runFiles } from '../../runs/run-folder.js'
import { type ProgressMessage, STOP, type TrainingMessage, WATCHED } from '../../train/watch.js'
import { readOwnText } from '../models/own-files.js'
import type { Entry } from './store.js'

export interface ProcessOptions {
  /** The program and its first arguments. */
  readonly commandLine: readonly string[]
  /** Changes to the recipe. */
  readonly set: readonly string[]
  readonly engine: string
  readonly threads?: number | undefined
  readonly data: string | undefined
  /** The run's folder, and the file for what is printed. */
  readonly directory: string
  readonly log: string
  readonly onMessage: (message: ProgressMessage) => void
  /** After the process has ended; null where all went well. */
  readonly onEnd: (ending: Ending | null) => void
}

export interface Ending {
  /** The last line printed, which says why. */
  readonly reason: string
  /** It was asked to stop, and has. */
  readonly stopped: boolean
}

/** Lines of a log that are told. */
const LAST_LINES = 50
/** Until a former process of the same run has ended, in milliseconds. */
const PATIENCE = 30_000

export class TrainingProcess {
  private asked = false
  private stopped = false

  private constructor(private readonly child: ChildProcess) {}

  get pid(): number | null {
    return this.child.pid ?? null
  }

  /** Starts a training, or continues it where its run is there. */
  static async start(entry: Entry, options: ProcessOptions): Promise<TrainingProcess> {
    if (entry.pid !== null) await untilGone(entry.pid, options.directory)
    const { commandLine, directory, log, onMessage, onEnd } = options
    const [program, ...first] = commandLine as [string, ...string[]]
    await createFolder(dirname(log))
    const output = await open(log, 'a')
    try {
      // To a file, which is there as long as the process, whatever becomes of the server.
      const child = spawn(program, [...first, ...argumentsOf(entry, options)], {
        stdio: ['ignore', output.fd, output.fd, 'ipc'],
        env: { ...process.env, ...WATCHED },
      })
      const training = new TrainingProcess(child)
      if (child.pid !== undefined) giveWay(child.pid)
      child.on('message', (message: TrainingMessage) => {
        if (message.kind === 'stopped') training.stopped = true
        else onMessage(message)
      })
      child.once('error', (error) => onEnd({ reason: error.message, stopped: false }))
      child.once('exit', (code, signal) => {
        void training.ended(code, signal, directory, log).then(onEnd)
      })
      return training
    } finally {
      await output.close()
    }
  }

  /** Asks for a checkpoint and an end. */
  stop(): void {
    this.asked = true
    askToStop(this.child)
  }

  private async ended(
    code: number | null,
    signal: NodeJS.Signals | null,
    directory: string,
    log: string,
  ): Promise<Ending | null> {
    // What it said last may still be on its way.
    if (this.child.connected) await once(this.child, 'disconnect')
    if (code === 0 && existsSync(join(directory, runFiles.metrics))) return null
    const reason =
      signal === null ? ((await readLog(log)).at(-1) ?? `exit code ${code}`) : `ended by ${signal}`
    const stopped = this.asked && (signal === 'SIGTERM' || this.stopped)
    return { reason, stopped }
  }
}

/** By a signal, or by a message where signals end a process without asking. */
export function askToStop(child: Pick<ChildProcess, 'kill' | 'send'>, system: string = platform()): void {
  if (system === 'win32') child.send(STOP, () => {})
  else child.kill('SIGTERM')
}

/** The last lines that a training printed. */
export async function readLog(file: string): Promise<string[]> {
  const text = (await readOwnText(file)) ?? ''
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-LAST_LINES)
}

function argumentsOf(
  { model, recipe, seed, limit }: Entry,
  { directory, set, engine, threads, data }: ProcessOptions,
): string[] {
  // With what it began with, whatever this server was started with.
  if (existsSync(join(directory, runFiles.record))) return ['train', '--resume', directory]
  return [
    ...['train', model, '--recipe', recipe, '--seed', String(seed), '--out', directory],
    ...set.flatMap((change) => ['--set', change]),
    ...optional('--limit', limit ?? undefined),
    ...['--engine', engine, ...optional('--threads', threads), ...optional('--data', data)],
  ]
}

const optional = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [flag, String(value)]

/** Predictions come first where both want the processor. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It may have ended already, or the system may not allow it: nothing depends on it.
  }
}

/** Another process may still write its checkpoint: that of a server that was killed. */
async function untilGone(pid: number, directory: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    if (!isThere(pid) || (await isAnother(pid, directory))) return
    await wait(100)
  }
  throw new AtelierError(`The training's former process ${pid} still runs: end it, then resume the training`)
}

/** After a restart of the machine the number may be another program's; only Linux tells. */
async function isAnother(pid: number, directory: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  return command !== null && !command.split('\0').includes(directory)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
