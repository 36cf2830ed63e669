/**
 * Keeps what was computed of a thing until the thing changes; who asks meanwhile waits for the same answer. A null is
 * not kept.
 */

interface Kept<T> {
  readonly version: string
  readonly value: Promise<T>
}

export class Memo<T> {
  private readonly kept = new Map<string, Kept<T>>()

  /** Things kept at most; the one asked for longest ago goes first. */
  constructor(private readonly most = 16) {}

  get(key: string, version: string, compute: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key)
    this.kept.delete(key)
    const kept = known?.version === version ? known : { version, value: compute() }
    this.kept.set(key, kept)
    const forget = () => this.kept.get(key) === kept && this.kept.delete(key)
    // What failed, or was not there yet, is tried again.
    kept.value.then((value) => value === null && forget(), forget)
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value as string)
    return kept.value
  }
}
