/** Tasks one after another, in the order in which they were given. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve()

  /**
   * What the task comes to, begun when all before it have ended, well or not. A task whose signal was aborted before its
   * turn is never begun: it rejects with the signal's reason.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.last.then(() => {
      signal?.throwIfAborted()
      return task()
    })
    // A failure is its asker's; and what came of it, which may be large, is not kept.
    const end = (): void => undefined
    this.last = turn.then(end, end)
    return turn
  }
}
