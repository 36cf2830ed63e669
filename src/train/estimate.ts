/** How long a training would take, from steps that are measured and do not count. */
import { sizeOf } from '../core/shape.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { type Graph, inputShapeOf } from '../graph/graph.js'
import { Hyper } from '../graph/steps.js'
import { holdOutCount, type Recipe } from '../recipes/recipe.js'
import { CHUNK_SECONDS, Interrupted } from './loop.js'
import { TrainingPrograms } from './programs.js'
import { runSteps } from './run-steps.js'
import { trainingSubset } from './subsets.js'
import { openTemporaryTraining } from './temporary.js'
import type { TrainingSteps } from './training-steps.js'

/** A speed is measured over this long, after the first step. */
const MEASURED_SECONDS = 1

const neverAborted = new AbortController().signal

/** Images a second of a training by the recipe, as `measureSpeed` finds it. */
export async function speedOf(
  engine: Engine,
  graph: Graph,
  recipe: Recipe,
  dataset: Dataset,
): Promise<number> {
  const seed = 1
  const { train: indices } = trainingSubset(dataset, { recipe, seed, limit: null, overfitBatches: null })
  const training = await openTemporaryTraining({
    ...{ engine, graph, recipe, dataset, indices, seed },
    chunkSteps: 1,
  })
  return measureSpeed(training).finally(() => training.close())
}

/**
 * Images a second, of the very program, batch and precision that train, augmentation included. The first step, which
 * prepares much, does not count if it can be helped.
 *
 * @throws Interrupted once the signal is aborted.
 */
export async function measureSpeed(
  training: TrainingSteps,
  signal: AbortSignal = neverAborted,
): Promise<number> {
  let start = performance.now()
  let images = 0
  let first = 0
  for await (const chunk of training.run()) {
    if (signal.aborted) throw new Interrupted('Stopped')
    const now = performance.now()
    const seconds = (now - start) / 1000
    training.chunkSteps = chunk.losses.length * (CHUNK_SECONDS / chunk.seconds)
    if (first === 0 && seconds < MEASURED_SECONDS) {
      start = now
      first = chunk.images / seconds
      continue
    }
    images += chunk.images
    if (seconds >= MEASURED_SECONDS) return images / seconds
  }
  // A training shorter than that, or of one step.
  return images === 0 ? first : (1000 * images) / (performance.now() - start)
}

/** Images of the step that `estimateSeconds` measures: few, since it is asked where steps are slow. */
const SAMPLE = 2

/** Seconds that `recipe` would take on `count` training images: two small steps, of which the second is timed. */
export async function estimateSeconds(
  engine: Engine,
  graph: Graph,
  recipe: Recipe,
  count: number,
): Promise<number> {
  const sampled = { ...recipe, batch: SAMPLE }
  const programs = await TrainingPrograms.create({
    engine,
    graph,
    recipe: sampled,
    precision: 'f32',
    imageDType: 'u8',
  })
  const images = new Uint8Array(SAMPLE * sizeOf(inputShapeOf(graph)))
  const chunk = { images, labels: new Uint8Array(SAMPLE), steps: 1, batch: SAMPLE }
  const step = () => runSteps(programs, chunk, new Float32Array(Hyper.size), { seed: 1, first: 0 })
  await step()
  const { seconds } = await step()
  programs.dispose()
  return (seconds / SAMPLE) * (count - holdOutCount(recipe, count)) * recipe.epochs
}
