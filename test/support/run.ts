/** A finished run without a training: first weights, as if they had been learned. */
import { join } from 'node:path'
import { type Dataset, loadDataset } from '../../src/data/dataset.js'
import { createReferenceEngine } from '../../src/engine/reference/engine.js'
import type { Graph } from '../../src/graph/graph.js'
import { dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { type TrainedModel, trainedRun } from '../../src/runs/trained-model.js'
import { writeWeights } from '../../src/runs/weights.js'
import { initializeWeights } from '../../src/train/initialize.js'
import { prepareRun } from '../../src/train/prepare.js'
import { writeDataset } from './idx.js'

export interface FinishedRun {
  readonly run: TrainedModel
  readonly dataset: Dataset
  /** Of the linear model's only layer, dense_1: [3, 16] and [3]. */
  readonly weights: ReadonlyMap<string, Float32Array>
}

export interface FinishedRunOptions {
  readonly holdOut: number
  /** Instead of the linear model. */
  readonly graph?: Graph
  readonly recipe?: Partial<Recipe>
  /** Of the weights too. */
  readonly seed?: number
}

export const linearGraph = (): Graph => sequential('linear', input(4, 4, 1), flatten(), dense(3))

/** A linear model over 4 x 4 images of 3 classes, its data in `<folder>/data` and its run in `<folder>/run`. */
export async function finishedRun(folder: string, options: FinishedRunOptions): Promise<FinishedRun> {
  const { holdOut, graph = linearGraph(), recipe = {}, seed = 1 } = options
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: 60, testCount: 30, height: 4, width: 4, classes: 3 })
  const dataset = await loadDataset({ data })
  const run = await prepareRun({
    directory: join(folder, 'run'),
    model: graph.name,
    source: null,
    graph,
    recipeName: 'quick',
    recipe: { ...namedRecipe('quick', 'linear'), holdOut, precision: 'f32', ...recipe },
    settings: [],
    seed,
    limit: null,
    dataset,
    engine: createReferenceEngine(),
  })
  const weights = initializeWeights(graph, seed)
  await writeWeights(run, 'model', weights)
  return { run: await trainedRun(run), dataset, weights }
}
