/** The training loop: chunks of batches go to the engine, metrics come back, checkpoints are kept. */
import { AtelierError } from '../core/errors.js'
import { BatchLoader, type Chunk } from '../data/batches.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { type EpochRow, readHistory, writeHistory } from '../runs/history.js'
import { lengthOf, type TrainingLength } from '../runs/length.js'
import { lockRun } from '../runs/lock.js'
import type { RunFolder } from '../runs/run-folder.js'
import { type Position, startPosition } from '../runs/training-state.js'
import { writeWeights } from '../runs/weights.js'
import { Checkpoints } from './checkpoints.js'
import { diverged } from './diverged.js'
import { TrainingPrograms } from './programs.js'
import { type ChunkResult, runSteps } from './run-steps.js'
import { fillHyper, learningRateAt } from './schedule.js'
import { type Subset, trainingSubset, Validation } from './subsets.js'
import { EventWriter, hasEventFiles } from './tensorboard.js'

/** What a training tells while it runs. */
export interface TrainingProgress {
  readonly epoch: number
  readonly epochs: number
  /** Steps of the epoch that are done, and all of them. */
  readonly step: number
  readonly steps: number
  /** Running means over the epoch. */
  readonly loss: number
  readonly accuracy: number
  readonly imagesPerSecond: number
  /** For the rest of the training. */
  readonly secondsLeft: number
}

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
  const unlock = await lockRun(options.run)
  return trainLocked(options).finally(unlock)
}

async function trainLocked(options: TrainingOptions): Promise<TrainingResult> {
  const { run, dataset, engine } = options
  const { recipe, seed } = run.record
  const subset = trainingSubset(dataset, run.record)
  const length = lengthOf(run.record)
  const loader = new BatchLoader({
    images: dataset.train.images,
    labels: dataset.train.labels,
    indices: subset.train,
    height: dataset.height,
    width: dataset.width,
    channels: dataset.channels,
    batch: recipe.batch,
    seed,
    augmentation: recipe.augmentation,
    epochs: Math.ceil(length.epochs),
    limitSteps: run.record.limitBatches,
    maxSteps: length.steps,
    shuffle: run.record.overfitBatches === null,
  })
  if (options.chunkSteps !== undefined) loader.chunkSteps = options.chunkSteps
  const { imageDType } = loader
  const { precision } = run.record
  const programs = await TrainingPrograms.create({ engine, graph: run.graph, recipe, precision, imageDType })
  const training = new Training(options, subset, length, loader, programs)
  try {
    return await training.run()
  } finally {
    await training.close()
    await loader.close()
    programs.dispose()
  }
}

class Training {
  private position: Position = startPosition
  private history: EpochRow[] = []
  private validation: Validation | null = null
  private events: EventWriter | null = null
  private readonly checkpoints: Checkpoints

  constructor(
    private readonly options: TrainingOptions,
    private readonly subset: Subset,
    private readonly length: TrainingLength,
    private readonly loader: BatchLoader,
    private readonly programs: TrainingPrograms,
  ) {
    this.checkpoints = new Checkpoints(options.run, programs)
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
    for await (const chunk of this.loader.stream(this.position)) {
      try {
        await this.trainChunk(chunk)
      } finally {
        chunk.release()
      }
      if (this.position.step === this.stepsOfEpoch) await this.endEpoch()
      await this.checkpoints.saveWhenDue(this.position)
      if (this.options.signal?.aborted) await this.interrupt()
    }
    await this.checkpoints.save(this.position)
    await this.programs.reestimate(this.subset.imagesToReestimate())
    await writeWeights(run, 'model', await this.programs.finalWeights())
    return { history: this.history, seconds: this.position.totalSeconds }
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
    // Epochs that ended after the checkpoint will be done again.
    this.history = (await readHistory(run)).filter((row) => row.epoch <= checkpoint.position.epoch)
  }

  private async trainChunk(chunk: Chunk): Promise<void> {
    const { recipe, seed } = this.options.run.record
    const first = chunk.epoch * this.length.stepsPerEpoch + chunk.firstStep
    const hyper = fillHyper(recipe, first, chunk.steps, this.length.steps)
    const result = await runSteps(this.programs, chunk, hyper, { seed, first })
    const broken = result.losses.findIndex((loss) => !Number.isFinite(loss))
    if (broken >= 0) this.failOnLoss(chunk.epoch, chunk.firstStep + broken)
    this.advance(chunk, result)
    const { losses, correct, images, seconds } = result
    if (this.options.chunkSteps === undefined) {
      this.loader.chunkSteps = Math.max(1, Math.round((chunk.steps * CHUNK_SECONDS) / seconds))
    }
    this.report(images / seconds)
    const loss = losses.reduce((a, b) => a + b, 0) / images
    await this.events?.chunk(this.stepsDone, { loss, accuracy: correct / images })
  }

  private advance(chunk: Chunk, { losses, correct, images, seconds }: ChunkResult): void {
    const { position } = this
    this.position = {
      ...position,
      step: chunk.firstStep + chunk.steps,
      // In the order of the steps: rounding tells nothing of the chunks, which the clock has cut.
      loss: losses.reduce((sum, loss) => sum + loss, position.loss),
      correct: position.correct + correct,
      images: position.images + images,
      epochSeconds: position.epochSeconds + seconds,
      totalSeconds: position.totalSeconds + seconds,
    }
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
    const { epoch, loss, correct, images, epochSeconds, totalSeconds, bestAccuracy } = this.position
    const validated = await this.validation?.score()
    const { stepsDone, length } = this
    const row: EpochRow = {
      epoch: stepsDone / length.stepsPerEpoch,
      loss: loss / images,
      accuracy: correct / images,
      val_loss: validated?.loss ?? null,
      val_accuracy: validated?.accuracy ?? null,
      learning_rate: learningRateAt(run.record.recipe, stepsDone - 1, length.steps),
      images_per_second: Math.round(images / epochSeconds),
      seconds: Number(epochSeconds.toFixed(3)),
    }
    const improved = validated !== undefined && validated.accuracy > (bestAccuracy ?? -1)
    if (improved) await writeWeights(run, 'best', await this.programs.finalWeights())
    this.history = [...this.history, row]
    await writeHistory(run, this.history)
    const best = improved ? validated.accuracy : bestAccuracy
    this.position = { ...startPosition, epoch: epoch + 1, totalSeconds, bestAccuracy: best }
    this.options.onEpoch?.(row)
    await this.events?.epoch(this.stepsDone, row)
    await this.checkpoints.saveAtEpochEnd(this.position)
  }

  private async interrupt(): Promise<never> {
    await this.checkpoints.save(this.position)
    const { directory } = this.options.run
    throw new Interrupted(`Stopped with a checkpoint. Continue with: atelier train --resume ${directory}`)
  }

  private failOnLoss(epoch: number, step: number): never {
    const where = `Epoch ${epoch + 1}, step ${step + 1}`
    throw diverged(this.options.run, where, 'a finite loss', 'NaN or infinity')
  }
}
