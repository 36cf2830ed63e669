/** Points in two dimensions by UMAP (McInnes et al., arXiv 1802.03426), computed beside the event loop. */
import { once } from 'node:events'
import { startWorker } from '../../../core/worker.js'
import { Queue } from '../../queue.js'

export interface LayoutRequest {
  /** [count, size]. */
  readonly features: Float32Array
  readonly size: number
}

/** How many neighbours of each point are kept together; there have to be more points than that. */
export const NEIGHBOURS = 15

/** Layouts that may wait. */
const MOST_WAITING = 8

/** One at a time: each takes a processor for seconds. */
export class Layouts {
  private readonly queue = new Queue(MOST_WAITING, 'maps that wait')
  private last: Promise<unknown> = Promise.resolve()

  /**
   * Coordinates [count, 2] in which neighbours stay neighbours; how far groups are from each other means little.
   *
   * @throws HttpError 503 when too many wait.
   */
  async of(request: LayoutRequest): Promise<Float32Array> {
    this.queue.enter(1)
    const layout = this.last.then(() => layOut(request))
    this.last = layout.catch(() => {}).then(() => this.queue.leave(1))
    return layout
  }
}

async function layOut(request: LayoutRequest): Promise<Float32Array> {
  const worker = startWorker(import.meta.url, './worker.js', request)
  try {
    const [coordinates] = await once(worker, 'message')
    return coordinates as Float32Array
  } finally {
    await worker.terminate()
  }
}
