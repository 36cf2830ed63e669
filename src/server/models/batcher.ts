/**
 * Gathers images that are asked for at the same time into batches. While a batch is computed the next one fills, so
 * that no image waits for others, and under load batches grow by themselves.
 */
import type { Queue } from '../queue.js'

/** Logits [count, classes] of images one after another. */
export type Compute = (images: Float32Array, count: number) => Promise<Float32Array>

export interface BatcherOptions {
  /** Values of one image. */
  readonly size: number
  readonly classes: number
  /** Images of a batch, at most. */
  readonly most: number
  /** Images that may wait, of all models together. */
  readonly queue: Queue
}

interface Job {
  readonly images: Float32Array
  readonly count: number
  readonly logits: Float32Array
  /** Images that have been handed to the engine, and that have come back. */
  begun: number
  done: number
  settled: boolean
  resolve(logits: Float32Array): void
  reject(error: Error): void
}

export class Batcher {
  private readonly jobs: Job[] = []
  private running = false

  constructor(
    private readonly compute: Compute,
    private readonly options: BatcherOptions,
  ) {}

  /**
   * Logits [count, classes] of images, one after another.
   *
   * @throws HttpError 503 where the queue is full, and whatever the signal aborts with.
   */
  logits(images: Float32Array, count: number, signal?: AbortSignal): Promise<Float32Array> {
    const { queue, classes } = this.options
    signal?.throwIfAborted()
    queue.enter(count)
    return new Promise<Float32Array>((resolve, reject) => {
      const settle = <T>(job: Job, how: (value: T) => void, value: T): void => {
        if (job.settled) return
        job.settled = true
        signal?.removeEventListener('abort', onAbort)
        queue.leave(count)
        how(value)
      }
      const job: Job = {
        images,
        count,
        logits: new Float32Array(count * classes),
        begun: 0,
        done: 0,
        settled: false,
        resolve: (logits) => settle(job, resolve, logits),
        reject: (error) => settle(job, reject, error),
      }
      const onAbort = (): void => this.giveUp(job, signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.jobs.push(job)
      this.start()
    })
  }

  /** What is left of a job is taken out of the queue. */
  private giveUp(job: Job, reason: Error): void {
    const at = this.jobs.indexOf(job)
    if (at >= 0) this.jobs.splice(at, 1)
    job.reject(reason)
  }

  /** What arrives in one turn of the event loop shares a batch. */
  private start(): void {
    if (this.running) return
    this.running = true
    setImmediate(() => void this.run())
  }

  private async run(): Promise<void> {
    while (this.jobs.length > 0) await this.runBatch()
    this.running = false
  }

  private async runBatch(): Promise<void> {
    const { size, classes } = this.options
    const pieces = this.takePieces()
    const count = pieces.reduce((sum, piece) => sum + piece.count, 0)
    const images = new Float32Array(count * size)
    let at = 0
    for (const { job, from, count } of pieces) {
      images.set(job.images.subarray(from * size, (from + count) * size), at * size)
      at += count
    }
    try {
      const logits = await this.compute(images, count)
      at = 0
      for (const { job, from, count } of pieces) {
        job.logits.set(logits.subarray(at * classes, (at + count) * classes), from * classes)
        at += count
        job.done += count
        if (job.done === job.count) job.resolve(job.logits)
      }
    } catch (error) {
      for (const { job } of pieces) this.giveUp(job, error as Error)
    }
  }

  /** The oldest images that are not begun; jobs whose last image is among them leave the queue. */
  private takePieces(): { readonly job: Job; readonly from: number; readonly count: number }[] {
    const pieces = []
    for (let room = this.options.most; room > 0 && this.jobs.length > 0; ) {
      const job = this.jobs[0] as Job
      const count = Math.min(room, job.count - job.begun)
      pieces.push({ job, from: job.begun, count })
      job.begun += count
      room -= count
      if (job.begun === job.count) this.jobs.shift()
    }
    return pieces
  }
}
