/** Work done at once, results taken one after another. */

/** How much is under way. */
export interface Ahead {
  /** Items that are worked on at once. */
  readonly workers: number
  /** Items that were begun and not taken yet, at most: what bounds the memory. */
  readonly ahead: number
}

/**
 * The results of `work`, in the order of the items. While one is being used, work on the next ones goes on. An
 * error of `work` comes in its item's place; what was begun after it is let run out.
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { workers, ahead }: Ahead,
): AsyncGenerator<R, void, undefined> {
  const slots = new Slots(workers)
  const begun: Promise<R>[] = []
  for (const item of items) {
    const result = slots.run(() => work(item))
    // It is awaited in its turn; until then its failure is nobody's fault.
    result.catch(() => undefined)
    begun.push(result)
    if (begun.length >= ahead) yield await (begun.shift() as Promise<R>)
  }
  for (const result of begun) yield await result
}

/** Lets so many run at once, the others wait in their order. */
class Slots {
  private readonly waiting: (() => void)[] = []

  constructor(private free: number) {}

  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.free -= 1
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.free += 1
    }
  }
}
