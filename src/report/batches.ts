/** What the model saw while it learned: its first batch, and the same images epoch after epoch. */
import { Augmenter, imageDTypeOf } from '../data/augment/augmenter.js'
import { BatchFiller, createChunkBuffer } from '../data/batch-filler.js'
import type { Dataset } from '../data/dataset.js'
import type { Tiles } from '../page/sprite.js'
import { lengthOf } from '../runs/formats/length.js'
import type { RunFolder } from '../runs/run-folder.js'
import { gatherImages, trainingSubset } from '../train/subsets.js'

export interface SeenBatches {
  /** All tiles: those of the batch, then the rows one after another. */
  readonly tiles: Tiles
  /** Labels of the first batch's first images, in its order. */
  readonly batch: readonly number[]
  /** One for each image: its label. A row is the image itself, then what it was in the epochs. */
  readonly rows: readonly number[]
  /** From 1. */
  readonly epochs: readonly number[]
}

const BATCH_IMAGES = 32
const ROW_IMAGES = 6
const ROW_EPOCHS = 6

export function seenBatches({ record }: RunFolder, dataset: Dataset): SeenBatches {
  const { recipe, seed } = record
  const { train, height, width, channels } = dataset
  const size = height * width * channels
  const indices = trainingSubset(dataset, record).train
  const { images, labels } = train
  const { augmentation } = recipe
  const count = Math.min(BATCH_IMAGES, recipe.batch, indices.length)
  const shuffle = record.overfitBatches === null
  const passes = Math.ceil(lengthOf(record).epochs)
  const training = { seed, epochs: passes, indices }
  const source = { ...training, images, labels, height, width, channels, augmentation, shuffle }
  const imageDType = imageDTypeOf(augmentation)
  const batch = createChunkBuffer(count, size, imageDType)
  new BatchFiller(source).fill({ epoch: 0, first: 0, count }, batch)

  const epochs = augmentation ? firstEpochs(passes) : []
  const chosen = augmentation ? [...indices.subarray(0, ROW_IMAGES)] : []
  const rows = chosen.map((index) => {
    const seen = createChunkBuffer(epochs.length, size, imageDType).images
    const augmenter = augmentation && new Augmenter(augmentation, { height, width, channels }, training)
    epochs.forEach((epoch, i) => {
      augmenter?.apply(epoch - 1, index, images, index * size, seen, i * size)
    })
    return [gatherImages(images, Uint32Array.of(index), size), bytesOf(seen)]
  })
  const pixels = Buffer.concat([bytesOf(batch.images), ...rows.flat()])
  const labelOf = (index: number): number => labels[index] as number
  return {
    tiles: { pixels, width, height },
    batch: [...batch.labels],
    rows: chosen.map(labelOf),
    epochs,
  }
}

const firstEpochs = (epochs: number): readonly number[] =>
  Array.from({ length: Math.min(ROW_EPOCHS, epochs) }, (_, epoch) => epoch + 1)

/** Interpolated pixels, rounded to be shown. */
const bytesOf = (images: Uint8Array | Float32Array): Uint8Array =>
  Uint8Array.from(images, (value) => Math.round(value))
