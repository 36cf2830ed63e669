/** How long a training would take, from a measured step. */

import { sizeOf } from '../core/shape.js'
import type { Engine } from '../engine/engine.js'
import { type Graph, inputShapeOf } from '../graph/graph.js'
import { Hyper } from '../graph/steps.js'
import { holdOutCount, type Recipe } from '../recipes/recipe.js'
import { TrainingPrograms } from './programs.js'
import { runSteps } from './run-steps.js'

/** Images of the measured step: few, since this is asked where steps are slow. */
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
