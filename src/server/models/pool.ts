/** The models that are loaded for predictions; those asked for longest ago make room for others. */
import { classCountOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { Engines } from '../engines.js'
import { within } from '../http/patience.js'
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

/** What a model is once it is loaded. */
interface Loaded {
  readonly served: ServedModel
  readonly dispose: () => void
}

/** A model's place in the pool, from when it is first asked for. */
interface Place {
  readonly version: string
  readonly loading: Promise<Loaded>
  /** Requests under way, those that wait for it to be loaded included. */
  uses: number
  /** No longer in the pool: the last request frees it. */
  retired: boolean
}

/**
 * Kept while nobody uses them: the largest of the four takes about 200 MB. More are loaded only while they are asked for
 * at the same time; a model that requests wait for is never freed, or they could load it again and again without end.
 */
const MOST_LOADED = 6

export class ModelPool {
  /** The one asked for last is the last. */
  private readonly places = new Map<string, Place>()

  constructor(
    private readonly catalog: Catalog,
    private readonly engines: Engines,
    private readonly queue: Queue,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Does something with a model, which is loaded where it is not yet, or has changed. The signal ends the wait for that;
   * the work has to heed it itself.
   *
   * @throws HttpError 404 where there is none of that id, and whatever the signal aborts with.
   */
  async use<T>(id: string, work: (model: ServedModel) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const place = this.enter(await this.catalog.findModel(id))
    try {
      const { served } = await within(signal, place.loading)
      return await work(served)
    } finally {
      place.uses--
      if (place.retired) freeUnused(place)
      else this.makeRoom()
    }
  }

  /** The place of a model, which counts one use more. */
  private enter(listed: ListedModel): Place {
    const { id, version } = listed
    const known = this.places.get(id)
    const place = known?.version === version ? known : this.newPlace(listed)
    place.uses++
    this.places.delete(id)
    this.places.set(id, place)
    if (known !== undefined && known !== place) retire(known)
    this.makeRoom()
    return place
  }

  private newPlace(listed: ListedModel): Place {
    const { id, version } = listed
    const place: Place = { version, loading: this.load(listed), uses: 0, retired: false }
    // What could not be loaded is tried again by the next who asks.
    place.loading.catch(() => {
      if (this.places.get(id) === place) this.places.delete(id)
    })
    return place
  }

  /** Those asked for longest ago go first. */
  private makeRoom(): void {
    const unused = [...this.places].filter(([, { uses }]) => uses === 0)
    for (const [id, place] of unused.slice(0, Math.max(0, this.places.size - MOST_LOADED))) {
      this.places.delete(id)
      retire(place)
    }
  }

  private async load({ id, model }: ListedModel): Promise<Loaded> {
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
    return { served, dispose: () => classifier.dispose() }
  }
}

function retire(place: Place): void {
  place.retired = true
  freeUnused(place)
}

function freeUnused({ uses, loading }: Place): void {
  if (uses > 0) return
  loading.then(
    ({ dispose }) => dispose(),
    // There is nothing to free.
    () => undefined,
  )
}
