/** Scores a finished run on a split of the data. */
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { RunFolder } from '../train/run-folder.js'
import { type Evaluation, evaluateLogits } from './metrics.js'
import { predict } from './predictions.js'
import type { SplitName } from './splits.js'

export interface EvaluationRequest {
  readonly run: RunFolder
  readonly dataset: Dataset
  readonly engine: Engine
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
}

/**
 * Scores the run's trained weights.
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
}: EvaluationRequest): Promise<Evaluation> {
  const { logits, labels } = await predict(run, split, { dataset, engine, precision })
  return evaluateLogits(logits, labels, dataset.classes)
}
