/**
 * Trainings, one at a time. The first that runs, or that keeps its turn (paused or interrupted), holds up the queue
 * behind it. Each is a process of the command line, so that the server goes on answering.
 */

import type { z } from 'zod'
import { type AtelierError, mismatch } from '../../core/errors.js'
import { Serial } from '../../core/serial.js'
import type { EngineRequest } from '../../engine/choose.js'
import { applySettings, checkWatched, namedRecipe } from '../../recipes/index.js'
import { HttpError, notFound } from '../http/errors.js'
import { logFailure } from '../log.js'
import type { Catalog } from '../models/catalog.js'
import type { startSchema, Training, TrainingDetail, TrainingState } from '../schemas/trainings.js'
import { describeTraining, detailTraining, type TrainingPlaces } from './describe.js'
import { Feed } from './feed.js'
import { Folders } from './folders.js'
import { Runner } from './runner.js'
import { type Entry, Store } from './store.js'
import { settingsWithTeacher } from './teacher.js'
import { inOrder, isOver, nextOf, withoutOldest } from './turns.js'

export interface TrainingsOptions extends EngineRequest {
  readonly catalog: Catalog
  readonly commandLine: readonly string[]
  readonly data: string | undefined
}

/** Trainings that may wait. */
const MOST_WAITING = 20

export class Trainings {
  readonly feed = new Feed()
  /** In the order that turns.ts tells of. */
  private entries: Entry[] = []
  private closing = false
  /** The last change that was told: each waits for the one before, so that none is overtaken. */
  private readonly changes = new Serial()
  private readonly catalog: Catalog
  private readonly store: Store
  private readonly folders: Folders
  private readonly runner: Runner

  constructor({ catalog, ...options }: TrainingsOptions) {
    const { runs } = catalog.places
    this.catalog = catalog
    this.store = new Store(runs)
    this.folders = new Folders(runs)
    this.runner = new Runner({
      ...options,
      ...{ feed: this.feed, folders: this.folders, store: this.store },
      settingsOf: (entry) => settingsWithTeacher(entry, catalog),
      onStart: () => void this.changedUnasked(),
      onEnd: () => this.onEnd(),
    })
  }

  get waiting(): number {
    return this.entries.filter(({ state }) => state === 'queued').length
  }

  /** Takes up the queue of a former server: what ran then was interrupted. */
  async open(): Promise<void> {
    this.entries = await this.store.read()
    for (const entry of this.entries) {
      if (entry.state !== 'running' && entry.state !== 'stopping') continue
      entry.state = this.folders.isScored(entry) ? 'finished' : 'interrupted'
    }
    this.advance()
  }

  /** Stops the training that runs, with a checkpoint, and the streams of those who follow. */
  async close(): Promise<void> {
    this.closing = true
    this.feed.close()
    await this.runner.close()
    // One that ended shortly before may still be written.
    await this.changes.run(async () => undefined)
  }

  /** The one whose turn it is, the queue, then what is over, the newest first. */
  list(): Promise<Training[]> {
    return Promise.all(inOrder(this.entries).map((entry) => this.describe(entry)))
  }

  async detail(id: string): Promise<TrainingDetail> {
    const entry = this.find(id)
    return detailTraining(entry, this.placesOf(entry))
  }

  /** Queues a training. Throws UsageError for values that a recipe cannot have, 400 for a teacher that is no model. */
  async start(asked: z.output<typeof startSchema>): Promise<Training> {
    const values = applySettings(namedRecipe(asked.recipe, asked.model), asked.set)
    checkWatched(values, values.holdOut)
    const { epochs } = values
    await settingsWithTeacher(asked, this.catalog)
    this.checkOpen()
    this.checkRoom()
    const { model, recipe, seed, set, limit } = asked
    const id = this.freeId(`${model}-${recipe}-seed${seed}`)
    const entry: Entry = {
      ...{ id, state: 'queued', model, recipe, seed, set, limit, epochs },
      ...{ error: null, pid: null, ownsRun: false },
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
    if (isOver(entry)) throw conflict(entry, 'a training that is not over')
    if (this.runner.runs(entry)) return this.halt(entry, 'stopped')
    entry.state = 'stopped'
    this.advance()
    await this.changed()
    return this.describe(entry)
  }

  /**
   * Continues at once what kept its turn; what gave it up goes to the end of the queue. What has come to its end all
   * the same is finished.
   */
  async resume(id: string): Promise<Training> {
    const entry = this.find(id)
    if (!this.folders.hasRun(entry)) await settingsWithTeacher(entry, this.catalog)
    this.checkOpen()
    const keptTurn = entry.state === 'paused' || entry.state === 'interrupted'
    if (!keptTurn && entry.state !== 'stopped' && entry.state !== 'failed') {
      throw conflict(entry, 'a training that is paused, interrupted, stopped or failed')
    }
    if (this.folders.isScored(entry)) {
      entry.state = 'finished'
      entry.error = null
      this.advance()
    } else if (keptTurn) this.runner.launch(entry)
    else this.queueAgain(entry)
    await this.changed()
    return this.describe(entry)
  }

  private queueAgain(entry: Entry): void {
    this.checkRoom()
    this.entries = [...this.entries.filter((other) => other !== entry), entry]
    entry.state = 'queued'
    entry.error = null
    this.advance()
  }

  private async halt(entry: Entry, becomes: TrainingState): Promise<Training> {
    if (!this.runner.runs(entry)) throw conflict(entry, 'a training that runs')
    await this.runner.halt(becomes)
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
      this.folders.isTaken(id) || this.entries.some((entry) => entry.id === id)
    let id = base
    for (let copy = 2; taken(id); copy++) id = `${base}-${copy}`
    return id
  }

  private checkRoom(): void {
    if (this.waiting < MOST_WAITING) return
    throw new HttpError(503, mismatch('Queue', `at most ${MOST_WAITING} trainings that wait`, 'more'), 60)
  }

  /** A training that began now would outlive the server. */
  private checkOpen(): void {
    if (this.closing) throw new HttpError(503, 'Server: expected one that runs, received one that ends', 5)
  }

  private placesOf(entry: Entry): TrainingPlaces {
    return {
      directory: this.folders.directoryOf(entry),
      log: this.store.logOf(entry.id),
      progress: this.runner.progressOf(entry),
    }
  }

  /** Starts the next, unless another has its turn. */
  private advance(): void {
    const next = this.closing ? undefined : nextOf(this.entries)
    if (next !== undefined) this.runner.launch(next)
  }

  private async onEnd(): Promise<void> {
    this.entries = withoutOldest(this.entries)
    this.advance()
    await this.changedUnasked()
  }

  /** Remembers the queue and tells it to those who follow. */
  private changed(): Promise<void> {
    return this.changes.run(async () => {
      try {
        await this.store.write(this.entries)
      } finally {
        // It is so, whether or not it could be remembered.
        this.feed.send('trainings', { trainings: await this.list() })
      }
    })
  }

  /** As `changed`, where nobody asked: a failure has nobody to be told to, and must not end the server. */
  private async changedUnasked(): Promise<void> {
    await this.changed().catch((error: unknown) => logFailure('Trainings', error))
  }

  private describe(entry: Entry): Promise<Training> {
    return describeTraining(entry, this.placesOf(entry))
  }
}

function conflict({ id, state }: Entry, expected: string): AtelierError {
  return new HttpError(409, mismatch(`Training ${id}`, expected, `one that is ${state}`))
}
