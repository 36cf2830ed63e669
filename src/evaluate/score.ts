/** The one look at the test images that a finished run gets, kept in its metrics.json. */

import { formatCount } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { EpochRow } from '../runs/formats/history.js'
import type { FittedTemperature, RunMetrics } from '../runs/formats/metrics.js'
import { type RunFolder, writeJson } from '../runs/run-folder.js'
import { type TrainedModel, trainedRun } from '../runs/trained-model.js'
import type { TrainingResult } from '../train/loop.js'
import { fitTemperature } from './calibration.js'
import { evaluateRun } from './evaluate.js'
import { predict } from './predictions.js'

/** Scores the trained weights on the test split, in f32, fits their temperature and writes metrics.json. */
export async function scoreRun(
  run: RunFolder,
  dataset: Dataset,
  engine: Engine,
  { history, seconds }: TrainingResult,
): Promise<RunMetrics> {
  const model = await trainedRun(run)
  const calibration = await fitOnHeldOut(model, dataset, engine)
  const scored = { split: 'test', precision: 'f32', temperature: calibration } as const
  const test = await evaluateRun({ run: model, dataset, engine, ...scored })
  const last = history.at(-1) as EpochRow
  const { loss, accuracy, val_accuracy: validationAccuracy } = last
  const training = { epochs: last.epoch, seconds, loss, accuracy, validationAccuracy }
  const metrics = { training, calibration, test }
  await writeJson(run, 'metrics', metrics)
  return metrics
}

async function fitOnHeldOut(
  run: TrainedModel,
  dataset: Dataset,
  engine: Engine,
): Promise<FittedTemperature | null> {
  if (run.record.heldOutImages === 0) return null
  const { logits, labels, count } = await predict(run, 'validation', { dataset, engine, precision: 'f32' })
  const temperature = fitTemperature(logits, labels, dataset.classes.length)
  return temperature === null ? null : { temperature, fittedOn: `${formatCount(count)} held-out images` }
}
