/** Reads metrics.json in the folder of a run or of released weights. */
import { join } from 'node:path'
import type { z } from 'zod'
import { readText } from '../core/files.js'
import { parseJson } from '../core/json.js'
import { parseBy } from '../core/schema.js'
import {
  confidenceSchema,
  type FittedTemperature,
  type Metrics,
  metricsSchema,
  type ReleasedMetrics,
  type RunMetrics,
  releasedMetricsSchema,
  runMetricsSchema,
} from './formats/metrics.js'
import { runFiles } from './run-folder.js'

interface Folder {
  readonly directory: string
}

/** What is there; null where the run was stopped between its training and its score. */
export const readMetrics = (folder: Folder): Promise<Metrics | null> =>
  read(folder, metricsSchema.nullable(), 'the metrics of a trained model')

/** @throws AtelierError where the run was not scored. */
export const readRunMetrics = (folder: Folder): Promise<RunMetrics> =>
  read(folder, runMetricsSchema, 'the metrics of a finished run')

/** @throws AtelierError where they are not all there. */
export const readReleasedMetrics = (folder: Folder): Promise<ReleasedMetrics> =>
  read(folder, releasedMetricsSchema, 'the metrics of a release')

export interface Confidence {
  /** Null where no held-out images could tell it. */
  readonly calibration: FittedTemperature | null
  /** That of the calibration: divides the logits, so that their softmax is calibrated. */
  readonly temperature: number | null
  /** From which familiarity score on images are unlike all it knows; null where it was not stored. */
  readonly unfamiliarFrom: number | null
}

/** How sure a model may be. */
export async function readConfidence(folder: Folder): Promise<Confidence> {
  const found = await read(folder, confidenceSchema.nullable(), 'the metrics of a trained model')
  const calibration = found?.calibration ?? null
  const temperature = calibration?.temperature ?? null
  return { calibration, temperature, unfamiliarFrom: found?.familiarity?.threshold ?? null }
}

async function read<T>({ directory }: Folder, schema: z.ZodType<T>, expected: string): Promise<T> {
  const file = join(directory, runFiles.metrics)
  const text = await readText(file).catch(() => 'null')
  return parseJson(file, text, expected, (json) => parseBy(schema, json))
}
