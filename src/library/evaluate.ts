/** How good a model is on a split of the data. */
import { type Dataset, loadDataset } from '../data/dataset.js'
import { evaluateRun, type RunEvaluation } from '../evaluate/evaluate.js'
import type { SplitName } from '../evaluate/splits.js'
import { dataOf } from '../runs/run-folder.js'
import { loadedModel, type Model } from './model.js'

export interface EvaluateOptions {
  /** `validation` and `train` are the images that the training held out and those that it saw. */
  readonly split?: SplitName
  /** By default Fashion-MNIST as it is found, or downloaded; of a run on other data, those. */
  readonly dataset?: Dataset
}

/**
 * Accuracy with its interval, log loss, calibration, scores by class and confusions, as `atelier evaluate` has them.
 *
 * @throws UsageError for the validation split of a model whose training held nothing out, AtelierError for data that
 * do not fit.
 */
export async function evaluate(
  model: Model,
  { split = 'test', dataset }: EvaluateOptions = {},
): Promise<RunEvaluation> {
  const { trained, engine } = loadedModel(model)
  return evaluateRun({
    run: trained,
    dataset: dataset ?? (await loadDataset({ data: dataOf(trained) })),
    engine,
    split,
    precision: 'f32',
    temperature: trained.calibration,
  })
}
