/** The training loop: chunks of batches go to the engine, metrics come back, checkpoints are kept. */

import { AtelierError } from '../core/errors.js'
import type { Engine, Values } from '../engine/engine.js'
import type { EpochRow } from '../runs/formats/history.js'
import { lengthOf, type TrainingLength } from '../runs/formats/length.js'
import { type Position, startPosition } from '../runs/formats/position.js'
import type { RunRecord } from '../runs/formats/record.js'
import { Checkpoints } from './checkpoints.js'
import { diverged } from './diverged.js'
import { bestEpochOf, isExhausted } from './early-stopping.js'
import { advance, rowOf } from './epoch-figures.js'
import type { TrainingHost } from './host.js'
import type { TrainingPrograms } from './programs.js'
import type { TrainingProgress } from './progress.js'
import { learningRateAt } from './schedule.js'
import type { TrainingEvents, TrainingStore } from './store.js'
import { type Subset, type TrainingImages, trainingSubset, Validation } from './subsets.js'
import { type TrainedChunk, TrainingSteps } from './training-steps.js'

export interface TrainingOptions {
  readonly store: TrainingStore
  readonly host: TrainingHost
  readonly dataset: TrainingImages
  readonly engine: Engine
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly onEpoch?: (row: EpochRow) => void
  /** Stops after the chunk under way, with a checkpoint. */
  readonly signal?: AbortSignal
  /** Steps a call to the engine; by default what takes `CHUNK_SECONDS`. No result depends on it. */
  readonly chunkSteps?: number
}

export interface TrainingResult {
  readonly history: readonly EpochRow[]
  /** Seconds spent on training, over all resumptions, without evaluation. */
  readonly seconds: number
}

/** The training was stopped on request; its checkpoint holds everything. */
export class Interrupted extends AtelierError {}

/** A chunk aims at this many seconds: short enough for a lively progress bar, long enough to cost nothing. */
export const CHUNK_SECONDS = 0.1

/**
 * Trains to the end of the recipe from wherever the run's last checkpoint stands.
 *
 * @throws Interrupted on request, AtelierError where the loss diverges.
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { host, dataset, engine } = options
  const { run } = options.store
  const { recipe, seed, precision } = run.record
  const subset = trainingSubset(dataset, run.record)
  const length = lengthOf(run.record)
  const steps = await TrainingSteps.open({
    ...{ host, engine, dataset, graph: run.graph, recipe, precision, seed },
    indices: subset.train,
    epochs: Math.ceil(length.epochs),
    limitSteps: run.record.limitBatches,
    maxSteps: length.steps,
    shuffle: run.record.overfitBatches === null,
    rateAt: (step) => learningRateAt(recipe, step, length.steps),
  })
  if (options.chunkSteps !== undefined) steps.chunkSteps = options.chunkSteps
  const training = new Training(options, subset, length, steps)
  try {
    return await training.run()
  } finally {
    await training.close()
    await steps.close()
  }
}

class Training {
  position: Position = startPosition
  history: readonly EpochRow[] = []
  best: ReadonlyMap<string, Values> | null = null
  private validation: Validation | null = null
  private events: TrainingEvents | null = null
  private readonly checkpoints: Checkpoints

  constructor(
    private readonly options: TrainingOptions,
    private readonly subset: Subset,
    private readonly length: TrainingLength,
    private readonly steps: TrainingSteps,
  ) {
    this.checkpoints = new Checkpoints(options.store, steps.programs)
  }

  private get programs(): TrainingPrograms {
    return this.steps.programs
  }

  private get record(): RunRecord {
    return this.options.store.run.record
  }

  async run(): Promise<TrainingResult> {
    const { store, dataset } = this.options
    await this.restore()
    if (this.subset.heldOut.length > 0) {
      this.validation = await Validation.create(this.programs, dataset, this.subset.heldOut)
    }
    this.events = await store.openEvents(this.stepsDone)
    await this.trainSteps()
    await this.checkpoints.save(this)
    await store.writeWeights('model', this.best ?? (await this.lastWeights()))
    return { history: this.history, seconds: this.position.totalSeconds }
  }

  private async trainSteps(): Promise<void> {
    const { recipe } = this.record
    // One that was killed after its last epoch has only to write its weights.
    if (isExhausted(this.history, recipe)) return
    for await (const chunk of this.steps.run(this.position)) {
      await this.take(chunk)
      if (this.position.step === this.stepsOfEpoch) {
        await this.endEpoch()
        if (isExhausted(this.history, recipe)) return
      }
      await this.checkpoints.saveWhenDue(this)
      if (this.options.signal?.aborted) await this.interrupt()
    }
  }

  private async lastWeights(): Promise<ReadonlyMap<string, Values>> {
    await this.programs.reestimate(this.subset.imagesToReestimate())
    return this.programs.finalWeights()
  }

  async close(): Promise<void> {
    this.validation?.dispose()
    await this.events?.close()
  }

  private get stepsDone(): number {
    return Math.min(this.position.epoch * this.length.stepsPerEpoch + this.position.step, this.length.steps)
  }

  /** Of the epoch under way: the last one may be a part. */
  private get stepsOfEpoch(): number {
    const { steps, stepsPerEpoch } = this.length
    return Math.min(stepsPerEpoch, steps - this.position.epoch * stepsPerEpoch)
  }

  private async restore(): Promise<void> {
    const checkpoint = await this.checkpoints.load()
    if (!checkpoint) {
      await this.programs.initialize(this.record.seed)
      return
    }
    await this.programs.writeState(checkpoint.values)
    this.position = checkpoint.position
    this.history = checkpoint.history
    this.best = checkpoint.best
    // Whatever became of the file: later epochs will be done again.
    await this.options.store.writeHistory(this.history)
  }

  private async take(chunk: TrainedChunk): Promise<void> {
    const { losses, correct, images, seconds } = chunk
    const broken = losses.findIndex((loss) => !Number.isFinite(loss))
    if (broken >= 0) this.failOnLoss(chunk.epoch, chunk.firstStep + broken)
    this.position = advance(this.position, chunk)
    if (this.options.chunkSteps === undefined) {
      this.steps.chunkSteps = Math.max(1, Math.round((chunk.steps * CHUNK_SECONDS) / seconds))
    }
    this.report(images / seconds)
    const loss = losses.reduce((a, b) => a + b, 0) / images
    await this.events?.chunk(this.stepsDone, { loss, accuracy: correct / images })
  }

  private report(imagesPerSecond: number): void {
    const { epoch, step, loss, correct, images, epochSeconds } = this.position
    const perStep = epochSeconds / step
    this.options.onProgress?.({
      epoch: epoch + 1,
      epochs: Math.ceil(this.length.epochs),
      step,
      steps: this.stepsOfEpoch,
      loss: loss / images,
      accuracy: correct / images,
      imagesPerSecond,
      secondsLeft: perStep * (this.length.steps - this.stepsDone),
    })
  }

  private async endEpoch(): Promise<void> {
    const { store } = this.options
    const { epoch, totalSeconds } = this.position
    const row = await this.rowOfEpoch()
    await store.check()
    this.history = [...this.history, row]
    if (bestEpochOf(this.history, this.record.recipe) === this.history.length - 1) await this.keepBest()
    await store.writeHistory(this.history)
    this.position = { ...startPosition, epoch: epoch + 1, totalSeconds }
    this.options.onEpoch?.(row)
    await this.events?.epoch(this.stepsDone, row)
    await this.checkpoints.saveAtEpochEnd(this)
  }

  private async rowOfEpoch(): Promise<EpochRow> {
    const { position, stepsDone, length } = this
    const learningRate = learningRateAt(this.record.recipe, stepsDone - 1, length.steps)
    const epoch = stepsDone / length.stepsPerEpoch
    return rowOf(position, await this.validation?.score(), { epoch, learningRate })
  }

  private async keepBest(): Promise<void> {
    const weights = await this.programs.finalWeights()
    if (this.record.recipe.earlyStopping?.restoreBest) this.best = weights
    await this.options.store.writeWeights('best', weights)
  }

  private async interrupt(): Promise<never> {
    await this.checkpoints.save(this)
    throw new Interrupted(`Stopped with a checkpoint. ${this.options.store.resumeNote}`)
  }

  private failOnLoss(epoch: number, step: number): never {
    const where = `Epoch ${epoch + 1}, step ${step + 1}`
    throw diverged(this.options.store, where, 'a finite loss', 'NaN or infinity')
  }
}
