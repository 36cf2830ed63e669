/** The training loop: chunks of batches go to the engine, metrics come back, checkpoints are kept. */

import { AtelierError } from '../core/errors.js'
import { atelierCommand } from '../core/shell.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine, Values } from '../engine/engine.js'
import type { EpochRow } from '../runs/formats/history.js'
import { lengthOf, type TrainingLength } from '../runs/formats/length.js'
import { type Position, startPosition } from '../runs/formats/position.js'
import { writeHistory } from '../runs/history.js'
import { lockRun, type RunLock } from '../runs/lock.js'
import type { RunFolder } from '../runs/run-folder.js'
import { writeWeights } from '../runs/weights.js'
import { Checkpoints } from './checkpoints.js'
import { diverged } from './diverged.js'
import { bestEpochOf, isExhausted } from './early-stopping.js'
import { advance, rowOf } from './epoch-figures.js'
import type { TrainingPrograms } from './programs.js'
import type { TrainingProgress } from './progress.js'
import { learningRateAt } from './schedule.js'
import { type Subset, trainingSubset, Validation } from './subsets.js'
import { EventWriter, hasEventFiles } from './tensorboard.js'
import { type TrainedChunk, TrainingSteps } from './training-steps.js'

export interface TrainingOptions {
  readonly run: RunFolder
  readonly dataset: Dataset
  readonly engine: Engine
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly onEpoch?: (row: EpochRow) => void
  /** Also writes event files for TensorBoard; a resumed run that has some goes on in any case. */
  readonly tensorboard?: boolean
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
 * @throws Interrupted on request, AtelierError where the loss diverges or another process trains this run.
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const lock = await lockRun(options.run)
  return trainLocked(options, lock).finally(lock.release)
}

async function trainLocked(options: TrainingOptions, lock: RunLock): Promise<TrainingResult> {
  const { run, dataset, engine } = options
  const { recipe, seed, precision } = run.record
  const subset = trainingSubset(dataset, run.record)
  const length = lengthOf(run.record)
  const steps = await TrainingSteps.open({
    ...{ engine, dataset, graph: run.graph, recipe, precision, seed },
    indices: subset.train,
    epochs: Math.ceil(length.epochs),
    limitSteps: run.record.limitBatches,
    maxSteps: length.steps,
    shuffle: run.record.overfitBatches === null,
    rateAt: (step) => learningRateAt(recipe, step, length.steps),
  })
  if (options.chunkSteps !== undefined) steps.chunkSteps = options.chunkSteps
  const training = new Training(options, subset, length, steps, lock)
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
  private events: EventWriter | null = null
  private readonly checkpoints: Checkpoints

  constructor(
    private readonly options: TrainingOptions,
    private readonly subset: Subset,
    private readonly length: TrainingLength,
    private readonly steps: TrainingSteps,
    private readonly lock: RunLock,
  ) {
    this.checkpoints = new Checkpoints(options.run, steps.programs, lock)
  }

  private get programs(): TrainingPrograms {
    return this.steps.programs
  }

  async run(): Promise<TrainingResult> {
    const { run, dataset } = this.options
    await this.restore()
    if (this.subset.heldOut.length > 0) {
      this.validation = await Validation.create(this.programs, dataset, this.subset.heldOut)
    }
    if (this.options.tensorboard || hasEventFiles(run)) {
      this.events = await EventWriter.open(run, this.stepsDone)
    }
    await this.trainSteps()
    await this.checkpoints.save(this)
    await writeWeights(run, 'model', this.best ?? (await this.lastWeights()))
    return { history: this.history, seconds: this.position.totalSeconds }
  }

  private async trainSteps(): Promise<void> {
    const { recipe } = this.options.run.record
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
    const { run } = this.options
    const checkpoint = await this.checkpoints.load()
    if (!checkpoint) {
      await this.programs.initialize(run.record.seed)
      return
    }
    await this.programs.writeState(checkpoint.values)
    this.position = checkpoint.position
    this.history = checkpoint.history
    this.best = checkpoint.best
    // Whatever became of the file: later epochs will be done again.
    await writeHistory(run, this.history)
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
    const { run } = this.options
    const { epoch, totalSeconds } = this.position
    const row = await this.rowOfEpoch()
    await this.lock.check()
    this.history = [...this.history, row]
    if (bestEpochOf(this.history, run.record.recipe) === this.history.length - 1) await this.keepBest()
    await writeHistory(run, this.history)
    this.position = { ...startPosition, epoch: epoch + 1, totalSeconds }
    this.options.onEpoch?.(row)
    await this.events?.epoch(this.stepsDone, row)
    await this.checkpoints.saveAtEpochEnd(this)
  }

  private async rowOfEpoch(): Promise<EpochRow> {
    const { position, stepsDone, length } = this
    const learningRate = learningRateAt(this.options.run.record.recipe, stepsDone - 1, length.steps)
    const epoch = stepsDone / length.stepsPerEpoch
    return rowOf(position, await this.validation?.score(), { epoch, learningRate })
  }

  private async keepBest(): Promise<void> {
    const { run } = this.options
    const weights = await this.programs.finalWeights()
    if (run.record.recipe.earlyStopping?.restoreBest) this.best = weights
    await writeWeights(run, 'best', weights)
  }

  private async interrupt(): Promise<never> {
    await this.checkpoints.save(this)
    const { directory } = this.options.run
    throw new Interrupted(
      `Stopped with a checkpoint. Continue with: ${atelierCommand('train', '--resume', directory)}`,
    )
  }

  private failOnLoss(epoch: number, step: number): never {
    const where = `Epoch ${epoch + 1}, step ${step + 1}`
    throw diverged(this.options.run, where, 'a finite loss', 'NaN or infinity')
  }
}
