/** The thread that prepares batches beside the engine, as the loader sees it. */
import type { FillerData, FillRequest } from './batch-filler.js'

export interface BatchThread {
  /** Settles when the buffer is filled, in the order of the requests; rejects with whatever stopped the thread. */
  fill(request: FillRequest): Promise<void>
  /** Awaits requests. Only then does the thread keep the process alive. */
  settled<T>(work: Promise<T>): Promise<T>
  close(): Promise<void>
}

export type StartBatchThread = (data: FillerData) => BatchThread
