/** Runs of the real models on the real data, after a few training steps: no longer what they were initialized to. */
import { join } from 'node:path'
import type { Engine } from '../../src/engine/engine.js'
import { type ModelName, models } from '../../src/models/index.js'
import { namedRecipe } from '../../src/recipes/index.js'
import { type TrainedModel, trainedRun } from '../../src/runs/trained-model.js'
import { prepareRun } from '../../src/train/prepare.js'
import { trainRun } from '../../src/train/train-run.js'
import { fewTestImages } from './few-test-images.js'

const steps = 3

/** Trains in f32, into a folder named after the model. */
export async function brieflyTrained(
  folder: string,
  model: ModelName,
  engine: Engine,
): Promise<TrainedModel> {
  // The training scores them, which is of no interest here.
  const dataset = await fewTestImages(100)
  const recipe = namedRecipe('quick', model)
  const run = await prepareRun({
    directory: join(folder, model),
    model,
    source: null,
    graph: models[model].build(),
    recipeName: 'quick',
    recipe: { ...recipe, epochs: 1, reestimate: 4, precision: 'f32', augmentation: null },
    settings: [],
    seed: 1,
    limit: null,
    limitBatches: steps,
    dataset,
    engine,
  })
  await trainRun({ run, dataset, engine })
  return trainedRun(run)
}
