/** The one look at the test images that a finished run gets, kept in its metrics.json. */
import { readFile } from 'node:fs/promises'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { EpochRow } from '../train/history.js'
import type { TrainingResult } from '../train/loop.js'
import { pathIn, type RunFolder, writeJson } from '../train/run-folder.js'
import { evaluateRun } from './evaluate.js'
import type { Evaluation } from './metrics.js'

export interface RunMetrics {
  readonly training: {
    readonly epochs: number
    readonly seconds: number
    /** Of the last epoch, as the weights changed under it; `evaluate --split train` gives the clean one. */
    readonly loss: number
    readonly accuracy: number
    readonly validationAccuracy: number | null
  }
  readonly test: Evaluation
}

/** Scores the trained weights on the test split, in f32, and writes metrics.json. */
export async function scoreRun(
  run: RunFolder,
  dataset: Dataset,
  engine: Engine,
  { history, seconds }: TrainingResult,
): Promise<RunMetrics> {
  const test = await evaluateRun({ run, dataset, engine, split: 'test', precision: 'f32' })
  const last = history.at(-1) as EpochRow
  const { loss, accuracy, val_accuracy: validationAccuracy } = last
  const training = { epochs: history.length, seconds, loss, accuracy, validationAccuracy }
  const metrics = { training, test }
  await writeJson(run, 'metrics', metrics)
  return metrics
}

/** What `scoreRun` wrote; null where the run was stopped between its training and its score. */
export async function readMetrics(run: RunFolder): Promise<RunMetrics | null> {
  const text = await readFile(pathIn(run, 'metrics'), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as RunMetrics)
}
