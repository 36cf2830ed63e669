/** A finished run with everything that a report shows: mistakes, a history, augmentation, convolutions. */
import { join } from 'node:path'
import { loadDataset } from '../../src/data/dataset.js'
import { createReferenceEngine } from '../../src/engine/reference/engine.js'
import { conv2d, dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import type { EpochRow } from '../../src/runs/formats/history.js'
import { writeHistory } from '../../src/runs/history.js'
import { trainedRun } from '../../src/runs/trained-model.js'
import { writeWeights } from '../../src/runs/weights.js'
import { initializeWeights } from '../../src/train/initialize.js'
import { prepareRun } from '../../src/train/prepare.js'
import { writeDataset } from './idx.js'

export interface ReportedRunOptions {
  readonly testCount?: number
  readonly side?: number
  readonly classes?: number
  readonly recipe?: Partial<Recipe>
}

const history = (epochs: number): EpochRow[] =>
  Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    loss: 1 / (i + 1),
    accuracy: 1 - 0.5 / (i + 1),
    val_loss: 1.1 / (i + 1),
    val_accuracy: 1 - 0.6 / (i + 1),
    learning_rate: 1e-3 / (i + 1),
    images_per_second: 1000 + i,
    seconds: 2,
  }))

/** First weights as if they had been learned: nearly all is wrong. Its data lie in `<folder>/data`. */
export async function reportedRun(folder: string, options: ReportedRunOptions = {}) {
  const { testCount = 200, side = 8, classes = 10, recipe = {} } = options
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: 120, testCount, height: side, width: side, classes })
  const dataset = await loadDataset({ data })
  const convolution = conv2d(4, 3, { activation: 'relu', strides: 2 })
  const graph = sequential('small', input(side, side, 1), convolution, flatten(), dense(classes))
  const engine = createReferenceEngine()
  const run = await prepareRun({
    directory: join(folder, 'run'),
    model: 'small',
    source: null,
    graph,
    recipeName: 'quick',
    recipe: { ...namedRecipe('quick', 'small'), holdOut: 20, precision: 'f32', batch: 32, ...recipe },
    settings: ['holdOut=20'],
    seed: 1,
    limit: null,
    dataset,
    engine,
  })
  await writeWeights(run, 'model', initializeWeights(graph, 1))
  await writeHistory(run, history(run.record.recipe.epochs))
  return { run: await trainedRun(run), dataset, engine, graph }
}
