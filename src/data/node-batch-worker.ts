/** The thread that prepares batches beside the engine: fills one buffer a message, in the order asked for. */
import { parentPort, workerData } from 'node:worker_threads'
import { BatchFiller, type ChunkBuffer, type FillerData, type FillRequest } from './batch-filler.js'

const { source, buffers } = workerData as FillerData
const filler = new BatchFiller(source)

parentPort?.on('message', (request: FillRequest) => {
  filler.fill(request, buffers[request.buffer] as ChunkBuffer)
  parentPort?.postMessage(null)
})
