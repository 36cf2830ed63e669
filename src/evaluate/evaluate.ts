/** Scores a trained model on a split of the data. */
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { Evaluation, FittedTemperature, TemperatureScaling } from '../runs/formats/metrics.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { scaleTemperature } from './calibration.js'
import { evaluateLogits } from './metrics.js'
import { type FreshPredictions, predict } from './predictions.js'
import type { SplitName } from './splits.js'
import { views } from './tta.js'

export interface EvaluationRequest {
  readonly run: TrainedModel
  readonly dataset: Dataset
  readonly engine: Engine
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  /** The model's temperature, where it has one. */
  readonly temperature: FittedTemperature | null
  /** Whether to score it with test-time augmentation too. */
  readonly tta?: boolean
}

/** Scored by the mean of the logits of so many views of each image. */
export interface TtaEvaluation extends Evaluation {
  readonly views: number
  readonly averaged: 'logits'
}

/** Without test-time augmentation, and with it where it was asked for. */
export interface WithTta extends Evaluation {
  readonly tta?: TtaEvaluation
}

export interface RunEvaluation extends WithTta {
  /** Log loss and calibration of the logits divided by the temperature; null where there is none. */
  readonly temperatureScaling: TemperatureScaling | null
}

/**
 * Scores the trained weights, and keeps their logits (f32, of the images as they are) in the folder of a run.
 *
 * @throws UsageError for the validation split of a run that held nothing out, AtelierError for data that
 * do not fit the model.
 */
export async function evaluateRun({ run, split, ...request }: EvaluationRequest): Promise<RunEvaluation> {
  const predictions = await predict(run, split, request)
  return evaluatePredictions(predictions, request.dataset.classes, request.temperature)
}

/** Scores a run's predictions, with the temperature that was fitted for it. */
export function evaluatePredictions(
  predictions: FreshPredictions,
  classes: readonly string[],
  temperature: FittedTemperature | null,
): RunEvaluation {
  const { logits, labels } = predictions
  const { tta, ...evaluation } = evaluateWithTta(predictions, classes)
  return {
    ...evaluation,
    temperatureScaling: temperature && scaleTemperature(logits, labels, classes.length, temperature),
    ...(tta && { tta }),
  }
}

/** Scores logits, and those over the views of test-time augmentation where there are such. */
export function evaluateWithTta(
  { logits, overViews, labels }: Pick<FreshPredictions, 'logits' | 'overViews' | 'labels'>,
  classes: readonly string[],
): WithTta {
  const evaluation = evaluateLogits(logits, labels, classes)
  if (overViews === undefined) return evaluation
  const about = { views: views.length, averaged: 'logits' } as const
  return { ...evaluation, tta: { ...about, ...evaluateLogits(overViews, labels, classes) } }
}
