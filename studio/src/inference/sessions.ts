/** Open models, the ones used last: each holds its weights, up to 100 MB, until it is released. */
import type { ModelFile } from './protocol.js'

interface Releasable {
  release(): Promise<void>
}

interface Kept<T> {
  readonly version: string
  readonly session: T
}

/** To be asked by one at a time. */
export class Sessions<T extends Releasable> {
  /** By address, the one used last at the end. */
  private readonly kept = new Map<string, Kept<T>>()

  constructor(private readonly most: number) {}

  /** The session of a file, opened where it is not open yet, or open with older weights. */
  async get({ url, version }: ModelFile, open: () => Promise<T>): Promise<T> {
    const known = this.kept.get(url)
    if (known?.version === version) {
      this.kept.delete(url)
      this.kept.set(url, known)
      return known.session
    }
    await this.release(url)
    // Before another is opened, so that there are never more.
    while (this.kept.size >= this.most) await this.release(this.kept.keys().next().value as string)
    const session = await open()
    this.kept.set(url, { version, session })
    return session
  }

  private async release(url: string): Promise<void> {
    const known = this.kept.get(url)
    this.kept.delete(url)
    await known?.session.release()
  }
}
