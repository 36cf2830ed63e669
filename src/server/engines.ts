/** The engines of a server: one answers predictions, another works on what takes long, so that neither waits. */

import { chooseClassifyingEngine, chooseEngine, type EngineRequest } from '../engine/choose.js'
import { type ClassifyingEngine, type Engine, runsPlans } from '../engine/engine.js'

export class Engines {
  private readonly chosen = new Map<string, Promise<unknown>>()

  constructor(private readonly request: EngineRequest) {}

  /** For predictions. */
  serving(): Promise<ClassifyingEngine> {
    return this.once('serving', async () => (await chooseClassifyingEngine(this.request)).engine)
  }

  /** For whole splits. */
  scoring(): Promise<ClassifyingEngine> {
    return this.once('scoring', async () => (await chooseClassifyingEngine(this.request)).engine)
  }

  /** For gradients, which not every engine that classifies can take. */
  differentiating(): Promise<Engine> {
    return this.once('differentiating', async () => {
      const scoring = await this.scoring()
      return runsPlans(scoring) ? scoring : (await chooseEngine(this.request)).engine
    })
  }

  private once<T>(name: string, choose: () => Promise<T>): Promise<T> {
    const known = this.chosen.get(name)
    if (known !== undefined) return known as Promise<T>
    const chosen = choose()
    this.chosen.set(name, chosen)
    return chosen
  }
}
