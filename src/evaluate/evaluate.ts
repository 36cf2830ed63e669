/** Scores a finished run on a split of the data. */
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { Classifier } from '../engine/logits.js'
import { checkFit, resolvePrecision } from '../train/prepare.js'
import { pixelScaling } from '../train/recipe.js'
import { isFinished, pathIn, type RunFolder } from '../train/run-folder.js'
import { gatherImages, trainingSubset } from '../train/subsets.js'
import { readWeights } from '../train/weights.js'
import { type Evaluation, evaluateLogits } from './metrics.js'
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
  checkFinished(run)
  checkFit(run.graph, dataset)
  const { images, labels } = imagesOf(run, dataset, split)
  const classifier = await Classifier.create(engine, run.graph, {
    precision: resolvePrecision({ precision }, run.graph, engine),
    pixels: pixelScaling(run.record.recipe),
  })
  try {
    await classifier.load(await readWeights(pathIn(run, 'model'), run.graph))
    return evaluateLogits(await classifier.logits(images, labels.length), labels, dataset.classes)
  } finally {
    classifier.dispose()
  }
}

function checkFinished(run: RunFolder): void {
  if (isFinished(run)) return
  const hint = `Finish it with: atelier train --resume ${run.directory}`
  throw new AtelierError(mismatch(run.directory, 'a finished run', 'one that was stopped', hint))
}

/** The images of a split, and their labels, one after another. */
function imagesOf(
  { record, directory }: RunFolder,
  dataset: Dataset,
  split: SplitName,
): { images: Uint8Array; labels: Uint8Array } {
  if (split === 'test') return dataset.test
  if (split === 'validation' && record.heldOutImages === 0) {
    const hint = 'Score it with --split test or --split train'
    throw new UsageError(
      mismatch('--split validation', 'a run that held images out', `${directory}, which held out none`, hint),
    )
  }
  // Which images were held out is known of the run's own data alone: of others, learned ones would be scored.
  const { directory: folder, checksums } = record.data
  const other = Object.keys(checksums).find((file) => dataset.checksums[file] !== checksums[file])
  if (other !== undefined) {
    const hint = `The run used those in ${folder}: give their folder with --data, or score it with --split test`
    throw new AtelierError(mismatch(`--split ${split}, ${other}`, "the run's own data", 'other bytes', hint))
  }
  const { train, heldOut } = trainingSubset(dataset, record)
  const indices = split === 'train' ? train : heldOut
  const size = dataset.height * dataset.width * dataset.channels
  return {
    images: gatherImages(dataset.train.images, indices, size),
    labels: Uint8Array.from(indices, (index) => dataset.train.labels[index] as number),
  }
}
