/** A finished run without a training: first weights, as if they had been learned. */
import { join } from 'node:path'
import type { Dataset } from '../../src/data/dataset.js'
import { loadDataset } from '../../src/data/dataset.js'
import { createReferenceEngine } from '../../src/engine/reference/engine.js'
import { dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { initializeWeights } from '../../src/train/initialize.js'
import { prepareRun } from '../../src/train/prepare.js'
import { namedRecipe } from '../../src/train/recipes/index.js'
import { type TrainedModel, trainedRun } from '../../src/train/trained-model.js'
import { writeWeights } from '../../src/train/weights.js'
import { writeDataset } from './idx.js'

export interface FinishedRun {
  readonly run: TrainedModel
  readonly dataset: Dataset
  /** Of its only layer, dense_1: [3, 16] and [3]. */
  readonly weights: ReadonlyMap<string, Float32Array>
}

/** A linear model over 4 x 4 images of 3 classes, its data in `<folder>/data` and its run in `<folder>/run`. */
export async function finishedRun(
  folder: string,
  options: { readonly holdOut: number },
): Promise<FinishedRun> {
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: 60, testCount: 30, height: 4, width: 4, classes: 3 })
  const dataset = await loadDataset({ data })
  const graph = sequential('linear', input(4, 4, 1), flatten(), dense(3))
  const run = await prepareRun({
    directory: join(folder, 'run'),
    model: 'linear',
    source: null,
    graph,
    recipeName: 'quick',
    recipe: { ...namedRecipe('quick', 'linear'), holdOut: options.holdOut, precision: 'f32' },
    settings: [],
    seed: 1,
    limit: null,
    dataset,
    engine: createReferenceEngine(),
  })
  const weights = initializeWeights(graph, 1)
  await writeWeights(run, 'model', weights)
  return { run: await trainedRun(run), dataset, weights }
}
