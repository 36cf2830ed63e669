/** Batches prepared where they are asked for: for a training that has a thread of its own, and no memory to share. */
import { BatchFiller, type ChunkBuffer } from './batch-filler.js'
import type { StartBatchThread } from './batch-thread.js'

export const fillAtOnce: StartBatchThread = ({ source, buffers }) => {
  const filler = new BatchFiller(source)
  return {
    fill: async (request) => filler.fill(request, buffers[request.buffer] as ChunkBuffer),
    settled: (work) => work,
    close: async () => {},
  }
}
