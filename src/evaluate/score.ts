/** The one look at the test images that a finished run gets, kept in its metrics.json. */

import { AtelierError, mismatch } from '../core/errors.js'
import { formatCount } from '../core/format.js'
import { atelierCommand } from '../core/shell.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { FittedTemperature, RunMetrics } from '../runs/formats/metrics.js'
import { pathIn, type RunFolder, writeJson } from '../runs/run-folder.js'
import { type TrainedModel, trainedRun } from '../runs/trained-model.js'
import { keptEpochOf } from '../train/early-stopping.js'
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
  const kept = keptEpochOf(history, run.record.recipe)
  if (kept === undefined) throw historyLost(run)
  const model = await trainedRun(run)
  const calibration = await fitOnHeldOut(model, dataset, engine)
  const scored = { split: 'test', precision: 'f32', temperature: calibration } as const
  const test = await evaluateRun({ run: model, dataset, engine, ...scored })
  const { loss, accuracy, val_accuracy: validationAccuracy } = kept
  const training = {
    epochs: history.at(-1)?.epoch ?? kept.epoch,
    seconds,
    loss,
    accuracy,
    validationAccuracy,
  }
  const metrics = { training, calibration, test }
  await writeJson(run, 'metrics', metrics)
  return metrics
}

/** Only checkpoints that do not hold the epochs themselves can leave a run without. */
function historyLost(run: RunFolder): AtelierError {
  const hint =
    `Score it without them: ${atelierCommand('evaluate', run.directory)}; ` +
    `or take ${pathIn(run, 'last')} away and resume, which trains it anew`
  return new AtelierError(mismatch(pathIn(run, 'history'), 'the epochs of the training', 'none', hint))
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
