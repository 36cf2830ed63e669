/** Tasks one after another. One that is no longer wanted when its turn comes is never begun. */
export class Line {
  private last: Promise<unknown> = Promise.resolve()

  /** What the task resolves to; rejects with the signal's reason where that was aborted first. */
  wait<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const result = this.last.then(() => {
      signal?.throwIfAborted()
      return task()
    })
    // A failure is its asker's; the next one's turn comes all the same.
    this.last = result.catch(() => undefined)
    return result
  }
}
