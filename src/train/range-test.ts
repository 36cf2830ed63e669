/**
 * The learning-rate range test (L. Smith, "Cyclical Learning Rates for Training Neural Networks", arXiv
 * 1506.01186): the rate grows exponentially from step to step, and where the loss falls is where to train.
 */

import { AtelierError } from '../core/errors.js'
import { atelierCommand } from '../core/shell.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import type { Recipe } from '../recipes/recipe.js'
import { trainingSubset } from './subsets.js'
import { openTemporaryTraining } from './temporary.js'

export interface RangeTestOptions {
  readonly engine: Engine
  readonly graph: Graph
  readonly recipe: Recipe
  readonly dataset: Dataset
  readonly seed: number
  readonly steps: number
  /** The first and the last learning rate. */
  readonly from: number
  readonly to: number
}

export interface RangePoint {
  readonly learningRate: number
  /** Mean cross-entropy of the step's images, before the step. */
  readonly loss: number
  /** Its moving average over the steps. */
  readonly smoothed: number
}

export interface RangeTest {
  readonly points: readonly RangePoint[]
  /** Why it ended: all steps were done, or the loss had grown beyond recovery. */
  readonly ended: 'steps' | 'exploded'
  readonly suggestion: Suggestion
}

export interface Suggestion {
  /** Where the smoothed loss falls fastest over the logarithm of the rate. */
  readonly steepest: number
  /** A tenth of the rate at which the smoothed loss is lowest. */
  readonly minimumTenth: number
  /** The geometric mean of the two: where to begin. */
  readonly learningRate: number
}

/** Decay of the losses' moving average; early values are corrected for the start at zero, as Adam's. */
const SMOOTHING = 0.9
/** The test ends when the smoothed loss is so many times the lowest. */
const EXPLODED = 4
/** Steps a call: after an explosion no more than these are in vain. */
const CHUNK_STEPS = 5

/** Trains fresh weights for `steps` steps (fewer when the loss explodes) under a rate from `from` to `to`. */
export async function rangeTest(options: RangeTestOptions): Promise<RangeTest> {
  const { recipe, dataset, seed, steps, from, to } = options
  const rateAt = (step: number): number => from * (to / from) ** (step / (steps - 1))
  const subset = trainingSubset(dataset, { recipe, seed, limit: null, limitBy: 'seed', overfitBatches: null })
  const epochs = Math.ceil(steps / Math.ceil(subset.train.length / recipe.batch))
  const training = await openTemporaryTraining({
    ...options,
    recipe: { ...recipe, epochs },
    indices: subset.train,
    chunkSteps: CHUNK_STEPS,
    rateAt,
  })
  try {
    const losses: number[] = []
    for await (const chunk of training.run()) {
      losses.push(...Array.from(chunk.losses, (loss) => loss / chunk.batch))
      if (losses.length >= steps || explosionIn(smooth(losses)) !== null) break
    }
    return assess(losses.slice(0, steps), rateAt)
  } finally {
    await training.close()
  }
}

/** What the losses of the steps say. */
export function assess(losses: readonly number[], rateAt: (step: number) => number): RangeTest {
  const smoothed = smooth(losses)
  const explosion = explosionIn(smoothed)
  const points = losses.slice(0, explosion ?? losses.length).map((loss, step) => ({
    learningRate: rateAt(step),
    loss,
    smoothed: smoothed[step] as number,
  }))
  return { points, ended: explosion === null ? 'steps' : 'exploded', suggestion: suggest(points) }
}

/** The moving average s_t = 0.9 s_(t-1) + 0.1 loss_t, divided by 1 - 0.9^t. */
function smooth(losses: readonly number[]): number[] {
  let average = 0
  return losses.map((loss, step) => {
    average = SMOOTHING * average + (1 - SMOOTHING) * loss
    return average / (1 - SMOOTHING ** (step + 1))
  })
}

/** The first step whose smoothed loss is far above the lowest before it, or is no number. */
function explosionIn(smoothed: readonly number[]): number | null {
  let lowest = Number.POSITIVE_INFINITY
  for (const [step, loss] of smoothed.entries()) {
    if (!(loss <= EXPLODED * lowest)) return step
    lowest = Math.min(lowest, loss)
  }
  return null
}

/** Less of a fall, as a share of the first loss, says nothing of any rate. */
const LEAST_FALL = 0.01

/** The steepest fall is sought up to the minimum, by differences over two steps. */
function suggest(points: readonly RangePoint[]): Suggestion {
  const losses = points.map(({ smoothed }) => smoothed)
  const minimum = losses.indexOf(Math.min(...losses))
  let steepest = { fall: 0, step: -1 }
  for (let step = 1; step < minimum; step++) {
    const fall = (losses[step - 1] as number) - (losses[step + 1] as number)
    if (fall > steepest.fall) steepest = { fall, step }
  }
  const least = (1 - LEAST_FALL) * (losses[0] ?? 0)
  if (steepest.step < 0 || (losses[minimum] as number) > least) {
    throw new AtelierError(
      'The loss fell at no learning rate of the test. Start lower (--from), take more steps (--steps), or see ' +
        `whether the model can learn at all: ${atelierCommand('train', 'MODEL', '--overfit-batches', '1')}`,
    )
  }
  const rate = (step: number): number => (points[step] as RangePoint).learningRate
  const [fastest, tenth] = [rate(steepest.step), rate(minimum) / 10]
  return { steepest: fastest, minimumTenth: tenth, learningRate: Math.sqrt(fastest * tenth) }
}
