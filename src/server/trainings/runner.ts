/** The training that runs: its process, what that tells, and what becomes of the training when it ends. */

import { messageOf } from '../../core/errors.js'
import type { EngineRequest } from '../../engine/choose.js'
import type { TrainingProgress } from '../../train/progress.js'
import type { ProgressMessage } from '../../train/watch.js'
import type { TrainingState } from '../schemas/trainings.js'
import type { Feed } from './feed.js'
import type { Folders } from './folders.js'
import { type Ending, TrainingProcess } from './process.js'
import type { Entry, Store } from './store.js'

export interface RunnerOptions extends EngineRequest {
  readonly commandLine: readonly string[]
  readonly data: string | undefined
  /** The changes to a training's recipe that its process is given. */
  readonly settingsOf: (entry: Entry) => Promise<readonly string[]>
  readonly feed: Feed
  readonly folders: Folders
  readonly store: Store
  /** When the process is there. */
  readonly onStart: () => void
  /** When it has ended and the entry says how. It must not reject. */
  readonly onEnd: () => Promise<void>
}

interface Running {
  readonly entry: Entry
  readonly process: Promise<TrainingProcess>
  /** What it becomes when it stops: as it was asked. */
  becomes: TrainingState
  progress: TrainingProgress | null
  readonly ended: Promise<void>
}

export class Runner {
  private running: Running | null = null

  constructor(private readonly options: RunnerOptions) {}

  runs(entry: Entry): boolean {
    return this.running?.entry === entry
  }

  /** The latest; null before the first. */
  progressOf(entry: Entry): TrainingProgress | null {
    return this.running?.entry === entry ? this.running.progress : null
  }

  launch(entry: Entry): void {
    entry.state = 'running'
    entry.error = null
    let onEnd: (ending: Ending | null) => void = () => undefined
    const ending = new Promise<Ending | null>((resolve) => {
      onEnd = resolve
    })
    const process = this.startProcess(entry, onEnd)
    process.then(
      ({ pid }) => {
        entry.pid = pid
        this.options.onStart()
      },
      (error: unknown) => onEnd({ reason: messageOf(error), stopped: false }),
    )
    const running: Running = {
      entry,
      process,
      becomes: 'failed',
      progress: null,
      ended: ending.then((how) => this.onEnd(running, how)),
    }
    this.running = running
  }

  /** Asks for a checkpoint and an end; the training is then what is told here. */
  async halt(becomes: TrainingState): Promise<void> {
    const { running } = this
    if (running === null) return
    running.becomes = becomes
    running.entry.state = 'stopping'
    ;(await running.process).stop()
  }

  /** As `halt`, when the server ends, and waits for it. */
  async close(): Promise<void> {
    const { running } = this
    if (running === null) return
    // One that was asked to stop or to pause becomes what it was asked for.
    if (running.entry.state === 'running') running.becomes = 'interrupted'
    ;(await running.process.catch(() => null))?.stop()
    await running.ended
  }

  private async startProcess(entry: Entry, onEnd: (ending: Ending | null) => void): Promise<TrainingProcess> {
    const { commandLine, engine, threads, data, folders, store, settingsOf } = this.options
    // Before there is a process: the server may be killed in between.
    folders.claim(entry)
    await folders.checkFiles(entry)
    // A run that is there goes on with what its record says, which is its owner's word.
    const set = folders.hasRun(entry) ? [] : await settingsOf(entry)
    return TrainingProcess.start(entry, {
      ...{ commandLine, set, engine, threads, data, onEnd },
      directory: folders.directoryOf(entry),
      log: store.logOf(entry.id),
      onMessage: (message) => this.onMessage(entry, message),
    })
  }

  private onMessage(entry: Entry, message: ProgressMessage): void {
    const { id } = entry
    const { feed } = this.options
    if (message.kind === 'epoch') feed.send('epoch', { id, epoch: message.epoch })
    else {
      const { progress } = message
      if (this.running?.entry === entry) this.running.progress = progress
      feed.sendSometimes('progress', { id, progress })
    }
  }

  private async onEnd({ entry, becomes }: Running, ending: Ending | null): Promise<void> {
    const { folders, onEnd } = this.options
    this.running = null
    entry.pid = null
    folders.release(entry)
    const finished = ending === null || (ending.stopped && folders.isScored(entry))
    entry.state = finished ? 'finished' : ending.stopped ? becomes : 'failed'
    entry.error = entry.state === 'failed' ? (ending?.reason ?? null) : null
    await onEnd()
  }
}
