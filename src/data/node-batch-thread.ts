/** Batches prepared by a worker thread of Node's. */
import type { Worker } from 'node:worker_threads'
import { AtelierError } from '../core/errors.js'
import { startWorker } from '../core/worker.js'
import type { FillerData, FillRequest } from './batch-filler.js'
import type { BatchThread, StartBatchThread } from './batch-thread.js'

interface Pending {
  resolve(): void
  reject(error: Error): void
}

export const startBatchThread: StartBatchThread = (data) => new WorkerThread(data)

class WorkerThread implements BatchThread {
  private readonly worker: Worker
  /** The worker answers in the order of the requests. */
  private readonly pending: Pending[] = []
  private failure: Error | undefined

  constructor(workerData: FillerData) {
    this.worker = startWorker(import.meta.url, './node-batch-worker.js', workerData)
    this.worker.on('message', () => this.pending.shift()?.resolve())
    this.worker.on('error', (error) => this.fail(error))
    this.worker.on('exit', (code) => this.fail(new AtelierError(`the batch worker ended with code ${code}`)))
  }

  fill(request: FillRequest): Promise<void> {
    const filled = new Promise<void>((resolve, reject) => {
      if (this.failure) return reject(this.failure)
      this.pending.push({ resolve, reject })
      this.worker.postMessage(request)
    })
    // A request made ahead of need may fail before anybody looks at it.
    filled.catch(() => {})
    return filled
  }

  async settled<T>(work: Promise<T>): Promise<T> {
    this.worker.ref()
    try {
      return await work
    } finally {
      this.worker.unref()
    }
  }

  async close(): Promise<void> {
    this.fail(new AtelierError('the batch loader has been closed'))
    await this.worker.terminate()
  }

  private fail(error: Error): void {
    this.failure ??= error
    for (const { reject } of this.pending.splice(0)) reject(this.failure)
  }
}
