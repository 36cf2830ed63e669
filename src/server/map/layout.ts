/** Points in two dimensions by UMAP (McInnes et al., arXiv 1802.03426), computed beside the event loop. */
import { once } from 'node:events'
import { startWorker } from '../../core/worker.js'

export interface LayoutRequest {
  /** [count, size]. */
  readonly features: Float32Array
  readonly size: number
}

/** How many neighbours of each point are kept together; there have to be more points than that. */
export const NEIGHBOURS = 15

/** Coordinates [count, 2] in which neighbours stay neighbours; how far groups are from each other means little. */
export async function layOut(request: LayoutRequest): Promise<Float32Array> {
  const worker = startWorker(import.meta.url, './worker.js', request)
  try {
    const [coordinates] = await once(worker, 'message')
    return coordinates as Float32Array
  } finally {
    await worker.terminate()
  }
}
