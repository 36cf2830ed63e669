/** Explanations, one after another: each keeps the engine for a while. */

import { AtelierError } from '../core/errors.js'
import { createExplainer, defaultMethod, type Explainer, type Explanation } from '../explain/explainer.js'
import type { Method } from '../explain/methods.js'
import type { Engines } from './engines.js'
import { HttpError } from './http/errors.js'
import type { ListedModel } from './models/catalog.js'
import type { OneByOne } from './one-by-one.js'

/** Kept at once; the one used longest ago makes room. */
const MOST_KEPT = 4

export class Explainers {
  private readonly kept = new Map<string, Explainer>()

  constructor(
    private readonly engines: Engines,
    private readonly turns: OneByOne,
  ) {}

  /**
   * The map of a class (by default of the predicted one) for an image.
   *
   * @throws HttpError 400 where the method does not suit the model, 503 where the queue is full, and whatever the signal
   * aborts with, before its turn as well as in it.
   */
  async explain(
    listed: ListedModel,
    pixels: Uint8Array,
    { method, classIndex, signal }: { method?: Method; classIndex?: number; signal: AbortSignal },
  ): Promise<Explanation> {
    return this.turns.run(async () => {
      const explainer = await this.explainerOf(listed, method ?? defaultMethod(listed.model.graph))
      return explainer.explain(pixels, classIndex)
    }, signal)
  }

  private async explainerOf({ id, model, version }: ListedModel, method: Method): Promise<Explainer> {
    const key = [id, version, method].join(' ')
    const explainer = this.kept.get(key) ?? (await this.create(model, method))
    this.kept.delete(key)
    this.kept.set(key, explainer)
    if (this.kept.size > MOST_KEPT) {
      const [oldest, unused] = [...this.kept][0] as [string, Explainer]
      this.kept.delete(oldest)
      unused.dispose()
    }
    return explainer
  }

  private async create(model: ListedModel['model'], method: Method): Promise<Explainer> {
    const [engine, weights] = await Promise.all([this.engines.scoring(), model.readWeights()])
    try {
      return await createExplainer(engine, model, weights, method)
    } catch (error) {
      throw error instanceof AtelierError ? new HttpError(400, error.message) : error
    }
  }
}
