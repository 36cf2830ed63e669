/** Room for what waits: whoever finds none is told to come again. */
import { HttpError } from './http/errors.js'

/** Bounds how much waits. */
export class Queue {
  private waiting = 0

  constructor(
    readonly limit: number,
    /** What waits. */
    private readonly what: string,
  ) {}

  get length(): number {
    return this.waiting
  }

  /** Takes room, or throws 503. What is larger than the queue is let in when nothing waits. */
  enter(count: number): void {
    if (this.waiting > 0 && this.waiting + count > this.limit) {
      throw new HttpError(503, `Queue: expected at most ${this.limit} ${this.what}, received more`, 1)
    }
    this.waiting += count
  }

  leave(count: number): void {
    this.waiting -= count
  }
}
