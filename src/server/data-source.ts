/** The data set, loaded when it is first asked for; where that fails, the next one to ask tries again. */
import { type Dataset, loadDataset } from '../data/dataset.js'
import { locateData } from '../data/locate.js'

export class DataSource {
  private loading: Promise<Dataset> | null = null

  /** The folder; undefined: it is searched for, then downloaded. */
  constructor(readonly folder: string | undefined) {}

  get(): Promise<Dataset> {
    if (this.loading === null) {
      this.loading = loadDataset({ data: this.folder })
      this.loading.catch(() => {
        this.loading = null
      })
    }
    return this.loading
  }

  /** The data set where it need not be downloaded and can be read; else null. */
  async present(): Promise<Dataset | null> {
    const located =
      this.loading !== null || (await locateData(this.folder).catch(() => undefined)) !== undefined
    return located ? this.get().catch(() => null) : null
  }
}
