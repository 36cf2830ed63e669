/** Trainings that take milliseconds: a small model on few images, by the reference engine. */
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Dataset, loadDataset } from '../../src/data/dataset.js'
import { createReferenceEngine } from '../../src/engine/reference/engine.js'
import { dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import type { RunFolder } from '../../src/runs/run-folder.js'
import { Interrupted } from '../../src/train/loop.js'
import { prepareRun, type RunRequest } from '../../src/train/prepare.js'
import { type RunTrainingOptions, trainRun } from '../../src/train/train-run.js'
import { temporaryFolder } from './folder.js'
import { writeDataset } from './idx.js'

export const engine = createReferenceEngine()
const graph = sequential('small', input(5, 5, 1), flatten(), dense(12, { activation: 'relu' }), dense(3))
export const recipe: Recipe = {
  ...namedRecipe('quick', 'small'),
  batch: 8,
  epochs: 3,
  precision: 'f32',
  augmentation: null,
  schedule: { kind: 'constant', learningRate: 0.01, warmup: 0, final: 1, restart: 0 },
}

/** 100 images in 13 steps of 8, the last one smaller. */
export async function setUp(): Promise<{ folder: string; dataset: Dataset }> {
  const folder = await temporaryFolder()
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: 100, testCount: 20, height: 5, width: 5, classes: 3 })
  return { folder, dataset: await loadDataset({ data }) }
}

export function prepare(
  directory: string,
  dataset: Dataset,
  changes: Partial<RunRequest> = {},
): Promise<RunFolder> {
  const what = { model: 'small', source: null, graph, recipeName: 'quick', recipe, settings: [] }
  return prepareRun({ ...what, directory, dataset, engine, seed: 1, limit: null, ...changes })
}

/** Trains until that many chunks are done. */
export async function stopAfter(chunks: number, options: RunTrainingOptions): Promise<void> {
  const controller = new AbortController()
  let done = 0
  const onProgress = () => {
    if (++done === chunks) controller.abort()
  }
  const training = trainRun({ ...options, signal: controller.signal, onProgress })
  await expect(training).rejects.toThrow(Interrupted)
}
