/** The models that are loaded for predictions; those asked for longest ago make room for others. */
import { classCountOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../train/trained-model.js'
import type { Engines } from '../engines.js'
import type { Metrics } from '../metrics.js'
import type { Queue } from '../queue.js'
import { Batcher } from './batcher.js'
import type { Catalog, ListedModel } from './catalog.js'
import { createServingClassifier, LARGE_BATCH } from './classifier.js'

/** A model that answers. */
export interface ServedModel {
  readonly id: string
  readonly model: TrainedModel
  /** Logits of images of pixels 0 ... 255, gathered with those of other requests. */
  logits(images: Float32Array, count: number, signal?: AbortSignal): Promise<Float32Array>
}

interface Loaded {
  readonly version: string
  readonly served: ServedModel
  readonly dispose: () => void
  /** Requests under way. */
  uses: number
  /** No longer in the pool: the last request frees it. */
  retired: boolean
}

/** Loaded at once: the largest of the four takes about 200 MB. */
const MOST_LOADED = 6

export class ModelPool {
  /** The one asked for last is the last. */
  private readonly loaded = new Map<string, Promise<Loaded>>()

  constructor(
    private readonly catalog: Catalog,
    private readonly engines: Engines,
    private readonly queue: Queue,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Does something with a model, which is loaded where it is not yet, or has changed.
   *
   * @throws HttpError 404 where there is none of that id.
   */
  async use<T>(id: string, work: (model: ServedModel) => Promise<T>): Promise<T> {
    let loaded = await this.get(await this.catalog.findModel(id))
    while (loaded.retired) loaded = await this.get(await this.catalog.findModel(id))
    loaded.uses++
    try {
      return await work(loaded.served)
    } finally {
      loaded.uses--
      if (loaded.retired && loaded.uses === 0) loaded.dispose()
    }
  }

  private async get(listed: ListedModel): Promise<Loaded> {
    const known = this.loaded.get(listed.id)
    const loaded = await known?.catch(() => undefined)
    if (loaded?.version === listed.version && !loaded.retired) {
      this.toEnd(listed.id)
      return loaded
    }
    if (known !== undefined && this.loaded.get(listed.id) === known) this.retire(listed.id)
    return this.load(listed)
  }

  private load(listed: ListedModel): Promise<Loaded> {
    const { id } = listed
    const under = this.loaded.get(id)
    if (under !== undefined) return under
    const loading = this.open(listed)
    this.loaded.set(id, loading)
    loading.catch(() => this.loaded.delete(id))
    while (this.loaded.size > MOST_LOADED) this.retire(this.loaded.keys().next().value as string)
    return loading
  }

  private async open({ id, model, version }: ListedModel): Promise<Loaded> {
    const classifier = await createServingClassifier(model, await this.engines.serving())
    const compute = async (images: Float32Array, count: number): Promise<Float32Array> => {
      const start = performance.now()
      const logits = await classifier.logits(images, count)
      this.metrics.batch(id, count, (performance.now() - start) / 1000)
      return logits
    }
    const options = { size: classifier.imageSize, classes: classCountOf(model.graph), most: LARGE_BATCH }
    const batcher = new Batcher(compute, { ...options, queue: this.queue })
    const served: ServedModel = {
      id,
      model,
      logits: (images, count, signal) => batcher.logits(images, count, signal),
    }
    return { version, served, dispose: () => classifier.dispose(), uses: 0, retired: false }
  }

  private toEnd(id: string): void {
    const known = this.loaded.get(id)
    if (known === undefined) return
    this.loaded.delete(id)
    this.loaded.set(id, known)
  }

  private retire(id: string): void {
    const leaving = this.loaded.get(id)
    this.loaded.delete(id)
    leaving?.then(
      (loaded) => {
        loaded.retired = true
        if (loaded.uses === 0) loaded.dispose()
      },
      () => undefined,
    )
  }
}
