/** Scores weights that no run of Atelier's left: they know no images held out, and none that they learned from. */
import { mismatch, UsageError } from '../core/errors.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { WeightsFile } from '../runs/weights-file.js'
import { resolvePrecision } from '../train/precision.js'
import { checkFit } from '../train/prepare.js'
import type { RunEvaluation } from './evaluate.js'
import { evaluateLogits } from './metrics.js'
import type { SplitName } from './splits.js'

export interface FileEvaluationRequest {
  readonly weights: WeightsFile
  readonly dataset: Dataset
  readonly engine: Engine
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
}

/**
 * @throws UsageError for the validation split, AtelierError for data that do not fit the model.
 */
export async function evaluateWeightsFile(request: FileEvaluationRequest): Promise<RunEvaluation> {
  const { weights: source, dataset, engine, split } = request
  const { file, graph, scaling } = source
  if (split === 'validation') {
    const hint = 'Which images its training held out is not known'
    throw new UsageError(
      mismatch('--split', 'test or train for a weights file', `${split} for ${file}`, hint),
    )
  }
  checkFit(graph, dataset)
  const precision = resolvePrecision(request, graph, engine)
  const { images, labels, count } = dataset[split]
  const classifier = await engine.classifier(graph, { precision, scaling })
  try {
    await classifier.load(source.weights)
    const logits = await classifier.logits(images, count)
    return { ...evaluateLogits(logits, labels, dataset.classes), temperatureScaling: null }
  } finally {
    classifier.dispose()
  }
}
