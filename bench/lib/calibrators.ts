/** The processes in which modes are tried: one for each contestant and number of threads, kept for all models. */
import type { Child } from './child.js'
import type { Contestant } from './contestants.js'
import { search } from './search.js'
import type { Assignment, Mode, Threads, Trial } from './types.js'

/** A mode that takes longer to get going is not worth having: some hang. */
const TRIAL_SECONDS = { quick: 30, full: 180 } as const

export class Calibrators {
  private readonly children = new Map<string, Child>()

  /** All trials of a contestant at a task, the best first. */
  search(contestant: Contestant, assignment: Assignment, seconds: number): Promise<Trial[]> {
    const limit = assignment.quick ? TRIAL_SECONDS.quick : TRIAL_SECONDS.full
    const ask = <Answer>(threads: Threads, verb: string, request: object) => {
      const whole = { ...assignment, threads: threads.own, ...request }
      return this.process(contestant, threads).ask<Answer>(verb, whole, limit)
    }
    return search({
      settings: contestant.settings,
      seconds,
      variants: async (stage, best, threads) =>
        (await ask<{ modes: Mode[] }>(threads, 'variants', { stage, best })).modes,
      rateOf: async (mode, threads, seconds) =>
        (await ask<{ rate: number }>(threads, 'try', { mode, seconds })).rate,
    })
  }

  /** A process that is alive: one that has died of a mode is replaced. */
  private process(contestant: Contestant, threads: Threads): Child {
    const key = `${contestant.id} ${JSON.stringify(threads)}`
    const known = this.children.get(key)
    if (known?.alive) return known
    const child = contestant.open(threads)
    this.children.set(key, child)
    return child
  }

  async stop(): Promise<void> {
    await Promise.all([...this.children.values()].map((child) => child.stop()))
  }
}
