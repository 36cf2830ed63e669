/** The engines of a server: one answers predictions, another works on what takes long, so that neither waits. */

import { chooseEngine, type EngineRequest } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'

export class Engines {
  private readonly chosen = new Map<string, Promise<Engine>>()

  constructor(private readonly request: EngineRequest) {}

  /** For predictions. */
  serving(): Promise<Engine> {
    return this.once('serving')
  }

  /** For whole splits and for gradients. */
  scoring(): Promise<Engine> {
    return this.once('scoring')
  }

  private once(purpose: 'serving' | 'scoring'): Promise<Engine> {
    const known = this.chosen.get(purpose)
    if (known !== undefined) return known
    const chosen = chooseEngine(this.request).then(({ engine }) => engine)
    this.chosen.set(purpose, chosen)
    return chosen
  }
}
