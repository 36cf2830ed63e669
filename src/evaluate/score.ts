/** The one look at the test images that a finished run gets, kept in its metrics.json. */
import { readFile } from 'node:fs/promises'
import { formatCount } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { EpochRow } from '../runs/history.js'
import { pathIn, type RunFolder, writeJson } from '../runs/run-folder.js'
import { type TrainedModel, trainedRun } from '../runs/trained-model.js'
import type { TrainingResult } from '../train/loop.js'
import { type FittedTemperature, fitTemperature } from './calibration.js'
import { evaluateRun, type RunEvaluation } from './evaluate.js'
import { predict } from './predictions.js'

export interface RunMetrics {
  readonly training: {
    /** A fraction where it ended within an epoch. */
    readonly epochs: number
    readonly seconds: number
    /** Of the last epoch, as the weights changed under it; `evaluate --split train` gives the clean one. */
    readonly loss: number
    readonly accuracy: number
    readonly validationAccuracy: number | null
  }
  /** Fitted on the images held out; null where there were none, or none that could say. */
  readonly calibration: FittedTemperature | null
  readonly test: RunEvaluation
}

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

/** What `scoreRun` wrote, or a release; null where the run was stopped between its training and its score. */
export async function readMetrics(run: RunFolder): Promise<RunMetrics | null> {
  const text = await readFile(pathIn(run, 'metrics'), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as RunMetrics)
}
