/** Scores a finished run on a split of the data. */
import type { Dataset } from '../data/dataset.js'
import type { ClassifyingEngine } from '../engine/logits.js'
import type { RunFolder } from '../train/run-folder.js'
import { type FittedTemperature, scaleTemperature, type TemperatureScaling } from './calibration.js'
import { type Evaluation, evaluateLogits } from './metrics.js'
import { predict } from './predictions.js'
import type { SplitName } from './splits.js'

export interface EvaluationRequest {
  readonly run: RunFolder
  readonly dataset: Dataset
  readonly engine: ClassifyingEngine
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  /** The run's temperature, where it has one. */
  readonly temperature: FittedTemperature | null
}

export interface RunEvaluation extends Evaluation {
  /** Log loss and calibration of the logits divided by the temperature; null where there is none. */
  readonly temperatureScaling: TemperatureScaling | null
}

/**
 * Scores the run's trained weights, and keeps their logits (f32) in the run's folder.
 *
 * @throws UsageError for the validation split of a run that held nothing out, AtelierError for a run that is not
 * finished and for data that do not fit it.
 */
export async function evaluateRun({
  run,
  dataset,
  engine,
  split,
  precision,
  temperature,
}: EvaluationRequest): Promise<RunEvaluation> {
  const { logits, labels } = await predict(run, split, { dataset, engine, precision })
  const { classes } = dataset
  return {
    ...evaluateLogits(logits, labels, classes),
    temperatureScaling: temperature && scaleTemperature(logits, labels, classes.length, temperature),
  }
}
