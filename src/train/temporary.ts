/** A training that lives in memory alone: no run folder, no checkpoints. What tools around training build on. */
import { BatchLoader } from '../data/batches.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import type { Recipe } from '../recipes/recipe.js'
import { resolvePrecision } from './precision.js'
import { TrainingPrograms } from './programs.js'
import { type ChunkResult, runSteps } from './run-steps.js'
import { fillHyperBy, learningRateAt } from './schedule.js'

export interface TemporaryOptions {
  readonly engine: Engine
  readonly graph: Graph
  readonly recipe: Recipe
  readonly dataset: Pick<Dataset, 'train' | 'height' | 'width' | 'channels'>
  /** The training images to learn from. */
  readonly indices: Uint32Array
  readonly seed: number
  /** Steps a call to the engine; short ones tell more often how it goes. */
  readonly chunkSteps: number
  /** Instead of the recipe's schedule; steps count from 0. */
  readonly rateAt?: (step: number) => number
}

/** The results of a chunk, and the number of its first step. */
export interface ChunkReport extends ChunkResult {
  readonly first: number
  readonly batch: number
}

export class TemporaryTraining {
  private constructor(
    private readonly options: TemporaryOptions,
    readonly programs: TrainingPrograms,
    private readonly loader: BatchLoader,
  ) {}

  static async create(options: TemporaryOptions): Promise<TemporaryTraining> {
    const { engine, graph, recipe, dataset, indices, seed } = options
    const { height, width, channels, train } = dataset
    const { batch, augmentation, epochs } = recipe
    const image = { height, width, channels, images: train.images, labels: train.labels }
    const loader = new BatchLoader({ ...image, indices, batch, seed, augmentation, epochs })
    loader.chunkSteps = options.chunkSteps
    const precision = resolvePrecision(recipe, graph, engine)
    const { imageDType } = loader
    const programs = await TrainingPrograms.create({ engine, graph, recipe, precision, imageDType })
    await programs.initialize(seed)
    return new TemporaryTraining(options, programs, loader)
  }

  /** Trains chunk by chunk to the end of the recipe, or until the consumer leaves the loop. */
  async *run(): AsyncGenerator<ChunkReport, void, undefined> {
    const { recipe, seed, rateAt } = this.options
    const total = this.loader.stepsPerEpoch * recipe.epochs
    const rate = rateAt ?? ((step: number) => learningRateAt(recipe, step, total))
    for await (const chunk of this.loader.stream({ epoch: 0, step: 0 })) {
      const first = chunk.epoch * this.loader.stepsPerEpoch + chunk.firstStep
      const hyper = fillHyperBy(rate, recipe, first, chunk.steps)
      try {
        const result = await runSteps(this.programs, chunk, hyper, { seed, first })
        yield { ...result, first, batch: chunk.batch }
      } finally {
        chunk.release()
      }
    }
  }

  /** Of the chunks that have not been prepared yet. */
  set chunkSteps(steps: number) {
    this.loader.chunkSteps = steps
  }

  async close(): Promise<void> {
    await this.loader.close()
    this.programs.dispose()
  }
}
