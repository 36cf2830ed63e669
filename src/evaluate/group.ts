/** Several runs on the same images: each by itself, all as an ensemble, and one network of their mean weights. */
import { mismatch, UsageError } from '../core/errors.js'
import { formatCount } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { ensembleLogits } from './ensemble.js'
import { evaluatePredictions, evaluateWithTta, type RunEvaluation, type WithTta } from './evaluate.js'
import { imagesOf } from './images.js'
import { type FreshPredictions, type PredictionRequest, predict, predictWith } from './predictions.js'
import { averageRuns } from './soup.js'
import type { SplitName } from './splits.js'

/** Two or more. */
export type Runs = readonly [TrainedModel, TrainedModel, ...TrainedModel[]]

export interface GroupRequest extends PredictionRequest {
  readonly split: SplitName
  readonly averageWeights: boolean
}

export interface GroupMember extends RunEvaluation {
  readonly model: string
  readonly run: string
  readonly recipe: string
  readonly seed: number
}

/** Of all the runs' networks together: the mean of their probabilities. */
export interface EnsembleEvaluation extends WithTta {
  readonly networks: number
  readonly averaged: 'probabilities'
}

/** Of one network with the mean of the runs' weights. */
export interface SoupEvaluation extends WithTta {
  readonly networks: 1
  readonly averaged: 'weights'
  /** Training images from which Batch Normalization's statistics were taken; 0 where it has none. */
  readonly statisticsImages: number
}

/** The keys of `--json`. */
export interface GroupEvaluation {
  readonly split: SplitName
  readonly n: number
  readonly runs: readonly GroupMember[]
  readonly ensemble: EnsembleEvaluation
  /** Where it was asked for. */
  readonly averagedWeights?: SoupEvaluation
}

/**
 * Scores the runs; of each by itself the logits in f32 are kept in its folder, as `evaluateRun` does.
 *
 * @throws UsageError where the split is of other images for one run than for another, and for mean weights of
 * networks that differ; else as `evaluateRun`.
 */
export async function evaluateGroup(runs: Runs, request: GroupRequest): Promise<GroupEvaluation> {
  const { dataset, split } = request
  const { classes } = dataset
  checkSameImages(runs, dataset, split)
  // Before the work of scoring: it may refuse.
  const soup = request.averageWeights ? await averageRuns(runs, request) : null
  const members: GroupMember[] = []
  const predictions: FreshPredictions[] = []
  for (const run of runs) {
    const predicted = await predict(run, split, request)
    predictions.push(predicted)
    const { model, recipeName: recipe, seed } = run.record
    const temperature = run.calibration
    const evaluation = evaluatePredictions(predicted, classes, temperature)
    members.push({ model, run: run.directory, recipe, seed, ...evaluation })
  }
  const together = evaluateWithTta(ensembleOf(predictions, classes.length), classes)
  const result = {
    split,
    n: together.n,
    runs: members,
    ensemble: { networks: runs.length, averaged: 'probabilities', ...together },
  } as const
  if (soup === null) return result
  const scored = evaluateWithTta(await predictWith(soup.weights, runs[0], split, request), classes)
  const { statisticsImages } = soup
  return { ...result, averagedWeights: { networks: 1, averaged: 'weights', statisticsImages, ...scored } }
}

/** With test-time augmentation each network's logits are averaged over the views first. */
function ensembleOf(
  predictions: readonly FreshPredictions[],
  classes: number,
): Pick<FreshPredictions, 'logits' | 'overViews' | 'labels'> {
  const overViews = predictions.flatMap((one) => one.overViews ?? [])
  return {
    logits: ensembleLogits(
      predictions.map(({ logits }) => logits),
      classes,
    ),
    ...(overViews.length > 0 && { overViews: ensembleLogits(overViews, classes) }),
    labels: predictions[0]?.labels ?? new Uint8Array(),
  }
}

function checkSameImages([first, ...others]: Runs, dataset: Dataset, split: SplitName): void {
  const { indices } = imagesOf(first, dataset, split)
  for (const other of others) {
    const its = imagesOf(other, dataset, split).indices
    if (its.length === indices.length && its.every((index, i) => index === indices[i])) continue
    const expected = `runs with the same such images: ${formatCount(indices.length)} of ${first.directory}`
    const received = `${formatCount(its.length)} of ${other.directory}${its.length === indices.length ? ', others' : ''}`
    throw new UsageError(mismatch(`--split ${split}`, expected, received, 'Score them with --split test'))
  }
}
