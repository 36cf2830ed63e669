/** What the batch worker does: puts the images of an epoch, shuffled and augmented, into buffers. */
import { keyOf, Random } from '../core/random.js'
import { memoryOf } from '../core/shared-memory.js'
import type { Augmentation } from './augment/augmentation.js'
import { Augmenter } from './augment/augmenter.js'

/** The images to train on. */
export interface BatchSource {
  /** All images of the training split, one after another. */
  readonly images: Uint8Array
  /** One class index an image. */
  readonly labels: Uint8Array
  /** Which of them to train on. */
  readonly indices: Uint32Array
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly seed: number
  readonly epochs: number
  /** Whether each epoch has an order of its own, or all have that of the indices. */
  readonly shuffle: boolean
  readonly augmentation: Augmentation | null
}

/** Where a chunk is put: images and labels one after another, in the order of the epoch. */
export interface ChunkBuffer {
  readonly images: Uint8Array | Float32Array
  readonly labels: Uint8Array
}

/** For `count` images of `size` values. The pages of shared memory that no chunk reaches cost nothing. */
export function createChunkBuffer(count: number, size: number, imageDType: 'u8' | 'f32'): ChunkBuffer {
  const values = count * size
  const images =
    imageDType === 'f32' ? new Float32Array(memoryOf(4 * values)) : new Uint8Array(memoryOf(values))
  return { images, labels: new Uint8Array(memoryOf(count)) }
}

/** What the worker thread is given at its start. */
export interface FillerData {
  readonly source: BatchSource
  readonly buffers: readonly ChunkBuffer[]
}

/** Images `first` to `first + count` of the epoch's order, into the buffer of that number. */
export interface FillRequest {
  readonly buffer: number
  readonly epoch: number
  readonly first: number
  readonly count: number
}

export class BatchFiller {
  private readonly order: Uint32Array
  private readonly imageSize: number
  private readonly augmenter: Augmenter | null
  private epoch = -1

  constructor(private readonly source: BatchSource) {
    const { indices, height, width, channels, augmentation } = source
    this.order = new Uint32Array(indices.length)
    this.imageSize = height * width * channels
    this.augmenter = augmentation && new Augmenter(augmentation, { height, width, channels }, source)
  }

  fill(request: Pick<FillRequest, 'epoch' | 'first' | 'count'>, { images, labels }: ChunkBuffer): void {
    const { epoch, first, count } = request
    const { source, imageSize, augmenter } = this
    this.shuffle(epoch)
    for (let i = 0; i < count; i++) {
      const index = this.order[first + i] as number
      const from = index * imageSize
      labels[i] = source.labels[index] as number
      if (augmenter) augmenter.apply(epoch, index, source.images, from, images, i * imageSize)
      else images.set(source.images.subarray(from, from + imageSize), i * imageSize)
    }
  }

  /** Each epoch is a permutation of the indices as they were given, so it depends on no earlier epoch. */
  private shuffle(epoch: number): void {
    if (epoch === this.epoch) return
    this.order.set(this.source.indices)
    if (this.source.shuffle) new Random(keyOf(this.source.seed, 'shuffle', epoch)).shuffle(this.order)
    this.epoch = epoch
  }
}
