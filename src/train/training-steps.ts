/** The steps of a training: batches from another thread, rates by a schedule, and the programs that learn from them. */
import { BatchLoader, type BatchOptions, type StreamPosition } from '../data/batches.js'
import { classCountOf } from '../graph/graph.js'
import { batchOf } from '../recipes/recipe.js'
import { classWeightsOf } from './class-weights.js'
import type { TrainingHost } from './host.js'
import { type ProgramOptions, TrainingPrograms } from './programs.js'
import { type ChunkResult, runSteps } from './run-steps.js'
import { fillHyper } from './schedule.js'
import type { TrainingImages } from './subsets.js'

export interface TrainingStepsOptions
  extends Omit<ProgramOptions, 'host' | 'imageDType' | 'classWeights'>,
    Pick<BatchOptions, 'indices' | 'seed' | 'epochs' | 'limitSteps' | 'maxSteps' | 'shuffle'> {
  readonly host: TrainingHost
  readonly dataset: TrainingImages
  /** The learning rate of a step, counted over the whole training from 0. */
  readonly rateAt: (step: number) => number
}

/** A chunk that was trained. */
export interface TrainedChunk extends ChunkResult {
  /** Its place: the epoch, and its first step in that and over the whole training. */
  readonly epoch: number
  readonly firstStep: number
  readonly first: number
  readonly steps: number
  /** Images a step. */
  readonly batch: number
}

export class TrainingSteps {
  private constructor(
    private readonly options: TrainingStepsOptions,
    private readonly loader: BatchLoader,
    readonly programs: TrainingPrograms,
  ) {}

  static async open(options: TrainingStepsOptions): Promise<TrainingSteps> {
    const { host, engine, graph, precision, dataset, recipe: wanted, ...given } = options
    const { train, height, width, channels } = dataset
    const recipe = { ...wanted, batch: batchOf(wanted, given.indices.length) }
    const { batch, augmentation } = recipe
    const image = { images: train.images, labels: train.labels, height, width, channels }
    const loader = new BatchLoader({ ...given, ...image, batch, augmentation }, host.startBatchThread)
    const { imageDType } = loader
    try {
      const classWeights = classWeightsOf(recipe, train.labels, given.indices, classCountOf(graph))
      const programs = await TrainingPrograms.create({
        ...{ host, engine, graph, recipe, precision, imageDType, classWeights },
      })
      return new TrainingSteps(options, loader, programs)
    } catch (error) {
      await loader.close()
      throw error
    }
  }

  get stepsPerEpoch(): number {
    return this.loader.stepsPerEpoch
  }

  /** Steps a call to the engine, of the chunks that have not been prepared yet. */
  set chunkSteps(steps: number) {
    this.loader.chunkSteps = steps
  }

  /** Trains chunk by chunk to the end, or until the consumer leaves the loop. */
  async *run(from: StreamPosition = { epoch: 0, step: 0 }): AsyncGenerator<TrainedChunk, void, undefined> {
    const { recipe, seed, rateAt } = this.options
    for await (const chunk of this.loader.stream(from)) {
      const { epoch, firstStep, steps, batch } = chunk
      const first = epoch * this.stepsPerEpoch + firstStep
      const hyper = fillHyper(rateAt, recipe, first, steps)
      try {
        const result = await runSteps(this.programs, chunk, hyper, { seed, first })
        yield { ...result, epoch, firstStep, first, steps, batch }
      } finally {
        chunk.release()
      }
    }
  }

  async close(): Promise<void> {
    await this.loader.close()
    this.programs.dispose()
  }
}
