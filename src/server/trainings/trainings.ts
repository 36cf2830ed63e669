/**
 * Trainings, one at a time. The first that runs, or that keeps its turn (paused or interrupted), holds up the queue
 * behind it. Each is a process of the command line, so that the server goes on answering.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { type AtelierError, messageOf, mismatch } from '../../core/errors.js'
import type { EngineRequest } from '../../engine/choose.js'
import { readMetrics } from '../../evaluate/score.js'
import { readHistory } from '../../train/history.js'
import { applySettings, namedRecipe } from '../../train/recipes/index.js'
import { openRun, type RunFolder, runFiles } from '../../train/run-folder.js'
import { HttpError, notFound } from '../http/errors.js'
import type { Catalog } from '../models/catalog.js'
import type {
  startSchema,
  Training,
  TrainingDetail,
  TrainingProgress,
  TrainingState,
} from '../schemas/trainings.js'
import { Feed } from './feed.js'
import { type Ending, readLog, TrainingProcess } from './process.js'
import { type Entry, Store } from './store.js'

export interface TrainingsOptions extends EngineRequest {
  readonly catalog: Catalog
  readonly commandLine: readonly string[]
  readonly data: string | undefined
}

/** Trainings that may wait, and those that are remembered when they are over. */
const most = { waiting: 20, over: 50 }

const holdsTurn: ReadonlySet<TrainingState> = new Set(['running', 'stopping', 'paused', 'interrupted'])
const isOver: ReadonlySet<TrainingState> = new Set(['stopped', 'failed', 'finished'])

/** The training that runs. */
interface Running {
  readonly entry: Entry
  readonly process: Promise<TrainingProcess>
  /** What it becomes when it stops: as it was asked. */
  becomes: TrainingState
  readonly ended: Promise<void>
}

export class Trainings {
  readonly feed = new Feed()
  /** In the order of their turns; those that are over stand first. */
  private entries: Entry[] = []
  private readonly progress = new Map<string, TrainingProgress>()
  private running: Running | null = null
  private closing = false
  /** The last change that was told: each waits for the one before, so that none is overtaken. */
  private told: Promise<unknown> = Promise.resolve()
  private readonly store: Store

  constructor(private readonly options: TrainingsOptions) {
    this.store = new Store(options.catalog.places.runs)
  }

  get waiting(): number {
    return this.entries.filter(({ state }) => state === 'queued').length
  }

  /** Takes up the queue of a former server: what ran then was interrupted. */
  async open(): Promise<void> {
    this.entries = await this.store.read()
    for (const entry of this.entries) {
      if (entry.state !== 'running' && entry.state !== 'stopping') continue
      entry.state = this.hasModel(entry) ? 'finished' : 'interrupted'
    }
    this.advance()
  }

  /** Stops the training that runs, with a checkpoint, and the streams of those who follow. */
  async close(): Promise<void> {
    this.closing = true
    this.feed.close()
    if (this.running === null) return
    // One that was asked to stop or to pause becomes what it was asked for.
    if (this.running.entry.state === 'running') this.running.becomes = 'interrupted'
    ;(await this.running.process.catch(() => null))?.stop()
    await this.running.ended
  }

  /** The one whose turn it is, the queue, then what is over, the newest first. */
  list(): Promise<Training[]> {
    const live = this.entries.filter(({ state }) => !isOver.has(state))
    live.sort((a, b) => Number(holdsTurn.has(b.state)) - Number(holdsTurn.has(a.state)))
    const over = this.entries.filter(({ state }) => isOver.has(state)).reverse()
    return Promise.all([...live, ...over].map((entry) => this.describe(entry)))
  }

  async detail(id: string): Promise<TrainingDetail> {
    const entry = this.find(id)
    const run = await this.runOf(entry)
    const [training, history, log] = await Promise.all([
      this.describe(entry),
      run === null ? [] : readHistory(run),
      readLog(this.store.logOf(entry.id)),
    ])
    return { ...training, history, log }
  }

  /** Queues a training. Throws UsageError for values that a recipe cannot have. */
  async start(asked: z.output<typeof startSchema>): Promise<Training> {
    this.checkOpen()
    const { epochs } = applySettings(namedRecipe(asked.recipe, asked.model), asked.set)
    if (this.waiting >= most.waiting) {
      throw new HttpError(503, mismatch('Queue', `at most ${most.waiting} trainings that wait`, 'more'), 60)
    }
    const { model, recipe, seed, set, limit } = asked
    const id = this.freeId(`${model}-${recipe}-seed${seed}`)
    const entry: Entry = {
      id,
      state: 'queued',
      model,
      recipe,
      seed,
      set,
      limit,
      epochs,
      error: null,
      pid: null,
    }
    this.entries.push(entry)
    this.advance()
    await this.changed()
    return this.describe(entry)
  }

  /** Frees the machine and keeps the turn. */
  async pause(id: string): Promise<Training> {
    const entry = this.find(id)
    if (entry.state !== 'running') throw conflict(entry, 'a training that runs')
    return this.halt(entry, 'paused')
  }

  /** Gives the turn up. */
  async stop(id: string): Promise<Training> {
    const entry = this.find(id)
    if (isOver.has(entry.state)) throw conflict(entry, 'a training that is not over')
    if (this.running?.entry === entry) return this.halt(entry, 'stopped')
    entry.state = 'stopped'
    this.advance()
    await this.changed()
    return this.describe(entry)
  }

  /** Continues at once what kept its turn; what gave it up goes to the end of the queue. */
  async resume(id: string): Promise<Training> {
    this.checkOpen()
    const entry = this.find(id)
    if (entry.state === 'interrupted' && this.hasModel(entry)) {
      entry.state = 'finished'
      this.advance()
    } else if (entry.state === 'paused' || entry.state === 'interrupted') this.launch(entry)
    else if (entry.state === 'stopped' || entry.state === 'failed') {
      this.entries = [...this.entries.filter((other) => other !== entry), entry]
      entry.state = 'queued'
      entry.error = null
      this.advance()
    } else throw conflict(entry, 'a training that is paused, interrupted, stopped or failed')
    await this.changed()
    return this.describe(entry)
  }

  private async halt(entry: Entry, becomes: TrainingState): Promise<Training> {
    const { running } = this
    if (running === null || running.entry !== entry) throw conflict(entry, 'a training that runs')
    running.becomes = becomes
    entry.state = 'stopping'
    ;(await running.process).stop()
    await this.changed()
    return this.describe(entry)
  }

  /** The training of that id. Throws 404 where there is none. */
  find(id: string): Entry {
    const entry = this.entries.find((candidate) => candidate.id === id)
    if (entry === undefined) throw notFound('Training', id, 'See GET /api/trainings')
    return entry
  }

  private freeId(base: string): string {
    const taken = (id: string): boolean =>
      existsSync(this.directoryOf(id)) || this.entries.some((entry) => entry.id === id)
    let id = base
    for (let copy = 2; taken(id); copy++) id = `${base}-${copy}`
    return id
  }

  /** A process whose server was killed may have come to its end. */
  private hasModel({ id }: Entry): boolean {
    return existsSync(join(this.directoryOf(id), runFiles.model))
  }

  /** A training that began now would outlive the server. */
  private checkOpen(): void {
    if (this.closing) throw new HttpError(503, 'Server: expected one that runs, received one that ends', 5)
  }

  private directoryOf(id: string): string {
    return join(this.options.catalog.places.runs, id)
  }

  private async runOf({ id }: Entry): Promise<RunFolder | null> {
    return openRun(this.directoryOf(id)).catch(() => null)
  }

  /** Starts the next, unless another has its turn. */
  private advance(): void {
    if (this.closing || this.entries.some(({ state }) => holdsTurn.has(state))) return
    const next = this.entries.find(({ state }) => state === 'queued')
    if (next !== undefined) this.launch(next)
  }

  private launch(entry: Entry): void {
    entry.state = 'running'
    entry.error = null
    const { commandLine, engine, threads, data } = this.options
    let onEnd: (ending: Ending | null) => void = () => undefined
    const ending = new Promise<Ending | null>((resolve) => {
      onEnd = resolve
    })
    const process = TrainingProcess.start(entry, {
      ...{ commandLine, engine, threads, data, onEnd },
      directory: this.directoryOf(entry.id),
      log: this.store.logOf(entry.id),
      onMessage: (message) => {
        if (message.kind === 'epoch') this.feed.send('epoch', { id: entry.id, epoch: message.epoch })
        else this.onProgress(entry.id, message.progress)
      },
    })
    process.then(
      ({ pid }) => {
        entry.pid = pid
        void this.changed()
      },
      (error: unknown) => onEnd({ reason: messageOf(error), stopped: false }),
    )
    const running: Running = {
      entry,
      process,
      becomes: 'failed',
      ended: ending.then((how) => this.onEnd(running, how)),
    }
    this.running = running
  }

  private onProgress(id: string, progress: TrainingProgress): void {
    this.progress.set(id, progress)
    this.feed.sendSometimes('progress', { id, progress })
  }

  private async onEnd({ entry, becomes }: Running, ending: Ending | null): Promise<void> {
    this.running = null
    this.progress.delete(entry.id)
    entry.pid = null
    entry.state = ending === null ? 'finished' : ending.stopped ? becomes : 'failed'
    entry.error = entry.state === 'failed' ? (ending?.reason ?? null) : null
    this.forgetOldest()
    this.advance()
    await this.changed()
  }

  private forgetOldest(): void {
    const over = this.entries.filter(({ state }) => isOver.has(state))
    const forgotten = new Set(over.slice(0, Math.max(0, over.length - most.over)))
    this.entries = this.entries.filter((entry) => !forgotten.has(entry))
  }

  /** Remembers the queue and tells it to those who follow. */
  private async changed(): Promise<void> {
    const told = this.told.then(async () => {
      await this.store.write(this.entries)
      this.feed.send('trainings', { trainings: await this.list() })
    })
    this.told = told.catch(() => undefined)
    return told
  }

  private async describe(entry: Entry): Promise<Training> {
    const { pid: _, ...told } = entry
    const run = await this.runOf(entry)
    const [history, metrics] =
      run === null ? [[], null] : await Promise.all([readHistory(run), readMetrics(run)])
    const progress = this.progress.get(entry.id) ?? null
    return { ...told, epochsDone: history.length, progress, testAccuracy: metrics?.test.accuracy ?? null }
  }
}

function conflict({ id, state }: Entry, expected: string): AtelierError {
  return new HttpError(409, mismatch(`Training ${id}`, expected, `one that is ${state}`))
}
