/** The images that a run is scored on. */
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import type { Dataset } from '../data/dataset.js'
import { otherFile, type RunFolder } from '../runs/run-folder.js'
import { gatherImages, trainingSubset } from '../train/subsets.js'
import type { SplitName } from './splits.js'

export interface ScoredImages {
  /** Pixels 0 ... 255, image after image. */
  readonly images: Uint8Array
  readonly labels: Uint8Array
  /** Where each image stands among the test images (of split test) or the training images (of the others). */
  readonly indices: Uint32Array
}

/**
 * The images of a split and their labels, one after another, in the order of the data.
 *
 * @throws UsageError for the validation split of a run that held nothing out, AtelierError where other data than
 * the run's own cannot say which images it has seen.
 */
export function imagesOf(run: RunFolder, dataset: Dataset, split: SplitName): ScoredImages {
  const { record, directory } = run
  if (split === 'test') {
    const { images, labels, count } = dataset.test
    return { images, labels, indices: Uint32Array.from({ length: count }, (_, index) => index) }
  }
  if (split === 'validation' && record.heldOutImages === 0) {
    const hint = 'Score it with --split test or --split train'
    throw new UsageError(
      mismatch('--split validation', 'a run that held images out', `${directory}, which held out none`, hint),
    )
  }
  // Which images were held out is known of the run's own data alone: of others, learned ones would be scored.
  checkOwnData(run, dataset, `--split ${split}`, ', or score it with --split test')
  const { train, heldOut } = trainingSubset(dataset, record)
  const indices = split === 'train' ? train : heldOut
  const size = dataset.height * dataset.width * dataset.channels
  return {
    images: gatherImages(dataset.train.images, indices, size),
    labels: Uint8Array.from(indices, (index) => dataset.train.labels[index] as number),
    indices,
  }
}

/**
 * Checks that the data are those that the run was trained on, byte for byte.
 *
 * @param subject - What wants them.
 * @param otherwise - Ends the hint to give their folder.
 * @throws AtelierError where they are not.
 */
export function checkOwnData(run: RunFolder, dataset: Dataset, subject: string, otherwise = ''): void {
  const other = otherFile(run, dataset.checksums)
  if (other === undefined) return
  const hint = `The run used those in ${run.record.data.directory}: give their folder with --data${otherwise}`
  throw new AtelierError(mismatch(`${subject}, ${other}`, "the run's own data", 'other bytes', hint))
}
