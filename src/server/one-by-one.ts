/** Work that takes long, one piece after another, with room for so much that waits. */
import { within } from './http/patience.js'
import type { Queue } from './queue.js'

export class OneByOne {
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly queue: Queue) {}

  /**
   * What work comes to, begun when all before it has ended.
   *
   * @throws HttpError 503 where the queue is full, and whatever the signal aborts with, before its turn as well as in it.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.queue.enter(1)
    const turn = this.last.then(() => {
      signal?.throwIfAborted()
      return work()
    })
    // Without what it came to, which may be large.
    const end = (): void => undefined
    this.last = turn.then(end, end)
    try {
      return await within(signal, turn)
    } finally {
      this.queue.leave(1)
    }
  }
}
