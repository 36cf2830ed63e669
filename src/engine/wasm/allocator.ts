/** A free-list allocator of addresses: best fit, neighbours joined when freed. */

/** Every block begins at a multiple of it: a cache line. */
export const ALIGNMENT = 64

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

interface Range {
  begin: number
  end: number
}

export class Allocator {
  /** In their order, with something in use between any two. */
  private readonly free: Range[] = []
  private readonly used = new Map<number, number>()

  /** Gives out addresses from `end` on; `reserve` makes sure that those below the address that it is given exist. */
  constructor(
    private end: number,
    private readonly reserve: (end: number) => void,
  ) {}

  /** Bytes in use. */
  get size(): number {
    return [...this.used].reduce((sum, [begin, end]) => sum + end - begin, 0)
  }

  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, aligned(bytes))
    const index = this.bestFit(size)
    const begin = index < 0 ? this.extend(size) : this.take(index, size)
    this.used.set(begin, begin + size)
    return begin
  }

  release(begin: number): void {
    const end = this.used.get(begin)
    if (end === undefined) throw new Error(`address ${begin} is not in use`)
    this.used.delete(begin)
    const next = this.free.findIndex((range) => range.begin > begin)
    const at = next < 0 ? this.free.length : next
    this.free.splice(at, 0, { begin, end })
    this.join(at)
    this.join(at - 1)
  }

  /** The smallest free range that is large enough; -1 where there is none. */
  private bestFit(size: number): number {
    let [best, smallest] = [-1, Number.POSITIVE_INFINITY]
    this.free.forEach(({ begin, end }, index) => {
      if (end - begin < size || end - begin >= smallest) return
      best = index
      smallest = end - begin
    })
    return best
  }

  private take(index: number, size: number): number {
    const range = this.free[index] as Range
    const { begin } = range
    range.begin += size
    if (range.begin === range.end) this.free.splice(index, 1)
    return begin
  }

  /** New addresses, beginning with what is free at the end. */
  private extend(size: number): number {
    const last = this.free.at(-1)
    const begin = last?.end === this.end ? last.begin : this.end
    this.reserve(begin + size)
    if (begin < this.end) this.free.pop()
    this.end = begin + size
    return begin
  }

  /** Joins a free range with the next where they touch. */
  private join(index: number): void {
    const [range, next] = [this.free[index], this.free[index + 1]]
    if (!range || next?.begin !== range.end) return
    range.end = next.end
    this.free.splice(index + 1, 1)
  }
}
