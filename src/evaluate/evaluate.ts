/** Scores a trained model on a split of the data. */
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { TrainedModel } from '../train/trained-model.js'
import { type FittedTemperature, scaleTemperature, type TemperatureScaling } from './calibration.js'
import { type Evaluation, evaluateLogits } from './metrics.js'
import { predict } from './predictions.js'
import type { SplitName } from './splits.js'

export interface EvaluationRequest {
  readonly run: TrainedModel
  readonly dataset: Dataset
  readonly engine: Engine
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  /** The model's temperature, where it has one. */
  readonly temperature: FittedTemperature | null
}

export interface RunEvaluation extends Evaluation {
  /** Log loss and calibration of the logits divided by the temperature; null where there is none. */
  readonly temperatureScaling: TemperatureScaling | null
}

/**
 * Scores the trained weights, and keeps their logits (f32) in the folder of a run.
 *
 * @throws UsageError for the validation split of a run that held nothing out, AtelierError for data that
 * do not fit the model.
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
