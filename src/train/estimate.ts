/** How long a training would take, from steps that are measured and do not count. */
import { sizeOf } from '../core/shape.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { type Graph, inputShapeOf } from '../graph/graph.js'
import { Hyper } from '../graph/steps.js'
import { holdOutCount, type Recipe } from '../recipes/recipe.js'
import { CHUNK_SECONDS, Interrupted } from './loop.js'
import { nodeHost } from './node-host.js'
import { TrainingPrograms } from './programs.js'
import { runSteps } from './run-steps.js'
import { trainingSubset } from './subsets.js'
import { openTemporaryTraining } from './temporary.js'
import type { TrainingSteps } from './training-steps.js'

/** A speed is measured over this long. */
const MEASURED_SECONDS = 3
/** The speed is that of the chunk which is faster than so many: first steps and other work on the machine slow some. */
const FASTER_THAN = 0.75

const neverAborted = new AbortController().signal

/** Images a second of a training by the recipe, as `measureSpeed` finds it. */
export async function speedOf(
  engine: Engine,
  graph: Graph,
  recipe: Recipe,
  dataset: Dataset,
): Promise<number> {
  const seed = 1
  const { train: indices } = trainingSubset(dataset, {
    recipe,
    seed,
    limit: null,
    limitBy: 'seed',
    overfitBatches: null,
  })
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
  const start = performance.now()
  let before = start
  const speeds: number[] = []
  for await (const chunk of training.run()) {
    if (signal.aborted) throw new Interrupted('Stopped')
    const now = performance.now()
    speeds.push((1000 * chunk.images) / (now - before))
    before = now
    training.chunkSteps = chunk.losses.length * (CHUNK_SECONDS / chunk.seconds)
    if (now - start >= 1000 * MEASURED_SECONDS) break
  }
  const counted = (speeds.length > 1 ? speeds.slice(1) : speeds).sort((a, b) => a - b)
  return counted[Math.floor(FASTER_THAN * (counted.length - 1))] as number
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
    host: nodeHost,
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
