/** Work that takes long, one piece after another, with room for so much that waits. */
import { Serial } from '../core/serial.js'
import { within } from './http/patience.js'
import type { Queue } from './queue.js'

export class OneByOne {
  private readonly turns = new Serial()

  constructor(private readonly queue: Queue) {}

  /**
   * What work comes to, begun when all before it has ended.
   *
   * @throws HttpError 503 where the queue is full, and whatever the signal aborts with, before its turn as well as in it.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.queue.enter(1)
    try {
      return await within(signal, this.turns.run(work, signal))
    } finally {
      this.queue.leave(1)
    }
  }
}
