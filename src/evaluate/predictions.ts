/**
 * The logits of a trained model on a split. Those of a run are kept in its folder, as predictions-<split>.safetensors:
 * reports and comparisons take them from there, and only where model or data have changed are they computed again.
 */

import { AtelierError } from '../core/errors.js'
import { checksumOf } from '../core/files.js'
import { type Dataset, identityOf } from '../data/dataset.js'
import type { Engine, Values } from '../engine/engine.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import { readLogits, writeLogits } from '../runs/logits-file.js'
import { predictionsIn } from '../runs/run-folder.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { resolvePrecision } from '../train/precision.js'
import { checkFit } from '../train/prepare.js'
import { imagesOf } from './images.js'
import type { SplitName } from './splits.js'
import { logitsOverViews } from './tta.js'

export interface PredictionSource {
  readonly dataset: Dataset
  readonly engine: Engine
}

export interface PredictionRequest extends PredictionSource {
  readonly precision: 'f32' | 'bf16'
  /** Whether test-time augmentation is wanted too. */
  readonly tta?: boolean
}

export interface FreshPredictions extends LabelledLogits {
  /** The mean logits over the views of test-time augmentation, where it was wanted. */
  readonly overViews?: Float32Array
}

/**
 * The logits of a model on a split, in f32: those kept in its folder where they belong to the very weights and
 * data, else computed and, of a run, kept.
 *
 * @throws UsageError for the validation split of a run that held nothing out, AtelierError for data that do not
 * fit the model.
 */
export async function predictionsOf(
  run: TrainedModel,
  split: SplitName,
  { dataset, engine }: PredictionSource,
): Promise<LabelledLogits> {
  checkFit(run.graph, dataset)
  const { labels } = imagesOf(run, dataset, split)
  const origin = await originOf(run, dataset, split)
  const count = labels.length
  const kept = await readKept(run, split, origin, count)
  if (kept !== null) return { logits: kept, labels, count }
  const { logits } = await computePredictions(run, split, { dataset, engine, precision: 'f32' })
  await keep(run, split, origin, { logits, labels, count })
  return { logits, labels, count }
}

/** Computes the logits afresh; those of a run in f32 are kept in its folder. Throws as `predictionsOf` does. */
export async function predict(
  run: TrainedModel,
  split: SplitName,
  request: PredictionRequest,
): Promise<FreshPredictions> {
  const { dataset, precision } = request
  const predictions = await computePredictions(run, split, request)
  if (precision === 'f32') await keep(run, split, await originOf(run, dataset, split), predictions)
  return predictions
}

async function computePredictions(
  run: TrainedModel,
  split: SplitName,
  request: PredictionRequest,
): Promise<FreshPredictions> {
  return predictWith(await run.readWeights(), run, split, request)
}

/** The logits that these weights give in the model's network and on its images; nothing is kept. */
export async function predictWith(
  weights: ReadonlyMap<string, Values>,
  run: TrainedModel,
  split: SplitName,
  { dataset, engine, precision, tta }: PredictionRequest,
): Promise<FreshPredictions> {
  checkFit(run.graph, dataset)
  const { images, labels } = imagesOf(run, dataset, split)
  const classifier = await engine.classifier(run.graph, {
    precision: resolvePrecision({ precision }, run.graph, engine),
    scaling: run.scaling,
  })
  try {
    await classifier.load(weights)
    const count = labels.length
    const logits = await classifier.logits(images, count)
    if (!tta) return { logits, labels, count }
    return { logits, labels, count, overViews: await logitsOverViews(classifier, images, logits, dataset) }
  } finally {
    classifier.dispose()
  }
}

/** What logits depend on. Engines and threads change their last bits alone. */
type Origin = Readonly<Record<'split' | 'model' | 'data', string>>

async function originOf(run: TrainedModel, dataset: Dataset, split: SplitName): Promise<Origin> {
  return { split, model: await checksumOf(run.weightsFile), data: identityOf(dataset.checksums) }
}

async function keep(
  run: TrainedModel,
  split: SplitName,
  origin: Origin,
  predictions: LabelledLogits,
): Promise<void> {
  if (run.kind !== 'run' || run.which !== 'final') return
  try {
    await writeLogits(predictionsIn(run, split), predictions, 'f32', { ...origin })
  } catch (error) {
    // A run in a folder that cannot be written, as an installed one, can be scored all the same.
    if (!(error instanceof AtelierError)) throw error
  }
}

/** The kept logits, or null where there are none of this origin. */
async function readKept(
  run: TrainedModel,
  split: SplitName,
  origin: Origin,
  count: number,
): Promise<Float32Array | null> {
  const kept = await readLogits(predictionsIn(run, split), run.classes.length).catch(() => null)
  const same = Object.entries(origin).every(([key, value]) => kept?.metadata[key] === value)
  return kept?.count === count && same ? kept.logits : null
}
