/** Photos, prepared on a thread of their own, in the order in which they came. */
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../core/worker.js'
import type { Invert } from '../../photo/prepare.js'
import { HttpError } from '../http/errors.js'
import { Queue } from '../queue.js'
import type { Photo } from '../schemas/predict.js'
import type { PhotoAnswer, PhotoRequest } from './worker.js'

/** Photos that may wait; their files may take 16 MB each. */
const MOST_WAITING = 64

interface Pending {
  resolve(photo: Photo): void
  reject(error: Error): void
}

export class Photos {
  private worker: Worker | null = null
  private readonly pending: Pending[] = []
  private readonly queue = new Queue(MOST_WAITING, 'photos that wait')

  /**
   * The 28 x 28 image that a photo's file becomes.
   *
   * @throws HttpError 422 for what is no image, 503 where too many wait.
   */
  async prepare(bytes: Uint8Array, name: string, invert: Invert): Promise<Photo> {
    this.queue.enter(1)
    try {
      const worker = this.start()
      return await new Promise((resolve, reject) => {
        this.pending.push({ resolve, reject })
        worker.postMessage({ bytes, name, invert } satisfies PhotoRequest)
      })
    } finally {
      this.queue.leave(1)
    }
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private start(): Worker {
    if (this.worker !== null) return this.worker
    const worker = startWorker(import.meta.url, './worker.js')
    this.worker = worker
    worker.on('message', (answer: PhotoAnswer) => this.settle(answer))
    worker.on('error', (error) => this.fail(worker, error))
    worker.on('exit', () => this.fail(worker, new Error('the thread of photos ended')))
    return worker
  }

  private settle(answer: PhotoAnswer): void {
    const { resolve, reject } = this.pending.shift() as Pending
    if ('photo' in answer) resolve(answer.photo)
    else reject(answer.known ? new HttpError(422, answer.error) : new Error(answer.error))
  }

  /** The next photo starts a new thread, which the former's end, told after its error, does not concern. */
  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return
    this.worker = null
    for (const { reject } of this.pending.splice(0)) reject(error)
  }
}
