/** Batches for training, prepared by another thread while the engine works on earlier ones. */
import { AtelierError } from '../core/errors.js'
import { memoryOf, sharesMemory } from '../core/shared-memory.js'
import type { Augmentation } from './augment/augmentation.js'
import { checkAugmentable, imageDTypeOf } from './augment/augmenter.js'
import { type ChunkBuffer, createChunkBuffer } from './batch-filler.js'
import type { BatchThread, StartBatchThread } from './batch-thread.js'

export interface BatchOptions {
  /** All images of the training split, height x width x channels bytes each; best on shared memory. */
  readonly images: Uint8Array
  /** One class index an image; best on shared memory. */
  readonly labels: Uint8Array
  /** The images to train on. */
  readonly indices: Uint32Array
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Images a step. */
  readonly batch: number
  readonly seed: number
  readonly augmentation: Augmentation | null
  readonly epochs: number
  /** At most so many steps an epoch: the first of its order. */
  readonly limitSteps?: number | null
  /** Of all epochs together, the last of which may be a part. */
  readonly maxSteps?: number | null
  /** Whether every epoch has an order of its own (the default) or that of `indices`. */
  readonly shuffle?: boolean
}

/** Consecutive steps of one epoch. */
export interface ChunkSpan {
  readonly epoch: number
  readonly firstStep: number
  readonly steps: number
  /** Images a step. An epoch's last step, where it is smaller, is a chunk of its own. */
  readonly batch: number
}

export interface Chunk extends ChunkSpan {
  /** steps x batch images, 0 to 255, on shared memory where there is such. */
  readonly images: Uint8Array | Float32Array
  /** steps x batch class indices. */
  readonly labels: Uint8Array
  /** Gives the arrays back: they are filled anew, so nothing may read them from then on. */
  release(): void
}

export interface StreamPosition {
  readonly epoch: number
  readonly step: number
}

/** One in use, one ready, one being filled. */
const BUFFERS = 3
const BUFFER_BYTES = 32 * 2 ** 20
/** How much to prepare before the consumer has said anything. */
const FIRST_CHUNK_IMAGES = 1024

interface Ahead {
  readonly span: ChunkSpan
  readonly buffer: number
  readonly filled: Promise<void>
}

/**
 * Streams the steps of training. An epoch visits `indices` in the permutation (Fisher-Yates) that the key
 * (seed, 'shuffle', epoch) draws (without `shuffle` as they stand); augmentation is a function of training, epoch and image. So a stream from any
 * step gives what an uninterrupted one gives from there, whatever the chunks' sizes.
 */
export class BatchLoader {
  readonly stepsPerEpoch: number
  readonly imageDType: 'u8' | 'f32'
  private readonly thread: BatchThread
  private readonly buffers: readonly ChunkBuffer[]
  private readonly free: number[]
  private readonly imageSize: number
  private readonly maxChunkSteps: number
  private readonly maxSteps: number
  private wantedChunkSteps: number
  private streaming = false
  /** The stream's first step that nobody has asked the worker for. */
  private position: StreamPosition = { epoch: 0, step: 0 }
  private readonly ahead: Ahead[] = []
  /** Continues a stream that waits for a free buffer. */
  private wake: () => void = () => {}

  /** @throws AtelierError when images of several channels are to be augmented. */
  constructor(
    private readonly options: BatchOptions,
    start: StartBatchThread,
  ) {
    const { images, labels, indices, height, width, channels, batch, seed, augmentation, epochs } = options
    const { limitSteps, maxSteps, shuffle = true } = options
    if (augmentation) checkAugmentable(options)
    this.imageDType = imageDTypeOf(augmentation)
    this.imageSize = height * width * channels
    this.stepsPerEpoch = Math.min(Math.ceil(indices.length / batch), limitSteps ?? Number.POSITIVE_INFINITY)
    this.maxSteps = maxSteps ?? Number.POSITIVE_INFINITY
    const stepBytes = batch * this.imageSize * (this.imageDType === 'f32' ? 4 : 1)
    const fitting = Math.min(this.stepsPerEpoch, Math.floor(BUFFER_BYTES / stepBytes))
    this.maxChunkSteps = Math.max(1, fitting)
    this.wantedChunkSteps = Math.min(this.maxChunkSteps, Math.ceil(FIRST_CHUNK_IMAGES / batch))
    this.buffers = Array.from({ length: BUFFERS }, () =>
      createChunkBuffer(this.maxChunkSteps * batch, this.imageSize, this.imageDType),
    )
    this.free = this.buffers.map((_, buffer) => buffer)
    const [sharedImages, sharedLabels] = [onSharedMemory(images), onSharedMemory(labels)]
    const source = {
      images: sharedImages,
      labels: sharedLabels,
      indices,
      height,
      width,
      channels,
      seed,
      epochs,
      shuffle,
    }
    this.thread = start({ source: { ...source, augmentation }, buffers: this.buffers })
  }

  /** How many steps the next chunks hold; a chunk's memory is bounded, and so is this. */
  get chunkSteps(): number {
    return this.wantedChunkSteps
  }

  set chunkSteps(steps: number) {
    this.wantedChunkSteps = Math.max(1, Math.min(this.maxChunkSteps, Math.round(steps)))
  }

  /**
   * The chunks from a step to the end of training. Some are prepared ahead, with the `chunkSteps` of that
   * moment. Whoever holds three chunks waits for the next until one is released. Leaving the loop early
   * keeps the loader usable; one stream at a time.
   */
  async *stream(from: StreamPosition): AsyncGenerator<Chunk, void, undefined> {
    if (this.streaming) throw new AtelierError('a batch loader gives one stream at a time')
    this.streaming = true
    this.position = from
    try {
      while (true) {
        this.prepare()
        const next = this.ahead.shift()
        if (next) {
          await this.thread.settled(next.filled)
          yield this.chunkOf(next)
        } else if (this.spanAt(this.position)) {
          await new Promise<void>((resolve) => {
            this.wake = resolve
          })
        } else {
          return
        }
      }
    } finally {
      this.streaming = false
      const unused = this.ahead.splice(0)
      await this.thread.settled(Promise.allSettled(unused.map(({ filled }) => filled)))
      this.free.push(...unused.map(({ buffer }) => buffer))
    }
  }

  /** Ends the worker. A stream that still waits for it is rejected. */
  close(): Promise<void> {
    return this.thread.close()
  }

  /** Asks the worker for as many chunks as there are free buffers. */
  private prepare(): void {
    while (this.free.length > 0) {
      const span = this.spanAt(this.position)
      if (!span) return
      const { epoch, firstStep, steps, batch } = span
      const buffer = this.free.shift() as number
      const first = firstStep * this.options.batch
      const filled = this.thread.fill({ buffer, epoch, first, count: steps * batch })
      this.ahead.push({ span, buffer, filled })
      this.position = { epoch, step: firstStep + steps }
    }
  }

  private spanAt({ epoch, step }: StreamPosition): ChunkSpan | null {
    const { batch, epochs, indices } = this.options
    const left = this.maxSteps - epoch * this.stepsPerEpoch - step
    if (epoch >= epochs || left <= 0) return null
    if (step >= this.stepsPerEpoch) return this.spanAt({ epoch: epoch + 1, step: step - this.stepsPerEpoch })
    const fullSteps = Math.min(Math.floor(indices.length / batch), this.stepsPerEpoch)
    if (step === fullSteps) return { epoch, firstStep: step, steps: 1, batch: indices.length % batch }
    return { epoch, firstStep: step, steps: Math.min(this.chunkSteps, fullSteps - step, left), batch }
  }

  private chunkOf({ span, buffer }: Ahead): Chunk {
    const { images, labels } = this.buffers[buffer] as ChunkBuffer
    const count = span.steps * span.batch
    let held = true
    return {
      ...span,
      images: images.subarray(0, count * this.imageSize),
      labels: labels.subarray(0, count),
      release: () => {
        if (!held) return
        held = false
        this.free.push(buffer)
        if (this.streaming) this.prepare()
        this.wake()
      },
    }
  }
}

function onSharedMemory(bytes: Uint8Array): Uint8Array {
  if (!sharesMemory || bytes.buffer instanceof SharedArrayBuffer) return bytes
  const shared = new Uint8Array(memoryOf(bytes.length))
  shared.set(bytes)
  return shared
}
