/**
 * The search for a contestant's best mode, by successive halving: short trials of many, longer ones of the few that did
 * best. What a mode is, and how it can be varied, the contestant says.
 */
import type { Mode, Threads, Trial } from './types.js'

export interface Searched {
  /** Threads to try every first mode with. */
  readonly settings: readonly Threads[]
  /** For stage 0 the modes to begin with, later variants of one that did well; none at the end. */
  readonly variants: (stage: number, best: Mode | null, threads: Threads) => Promise<readonly Mode[]>
  /** Images a second over so many seconds. */
  readonly rateOf: (mode: Mode, threads: Threads, seconds: number) => Promise<number>
  /** Of a first trial; later stages take twice as long, the final one four times. */
  readonly seconds: number
}

/** So many of the first stage are varied, and so many of all are measured again at the end. */
const KEPT = { first: 2, final: 3 }

/** All trials, the best one of the final stage first. */
export async function search(searched: Searched): Promise<Trial[]> {
  const { settings, variants, seconds } = searched
  const trials: Trial[] = []
  for (const threads of settings) {
    for (const mode of await variants(0, null, threads))
      trials.push(await attempt(searched, mode, threads, seconds))
  }
  for (let stage = 1; ; stage++) {
    const varied: Trial[] = []
    for (const { mode, threads } of fastest(trials, stage === 1 ? KEPT.first : 1)) {
      for (const other of await variants(stage, mode, threads))
        varied.push(await attempt(searched, other, threads, 2 * seconds))
    }
    if (varied.length === 0) break
    trials.push(...varied)
  }
  const finalists = fastest(trials, KEPT.final)
  const final: Trial[] = []
  for (const { mode, threads } of finalists) final.push(await attempt(searched, mode, threads, 4 * seconds))
  const rest = trials.filter((trial) => !finalists.includes(trial))
  return [...byRate(final), ...byRate(rest)]
}

async function attempt({ rateOf }: Searched, mode: Mode, threads: Threads, seconds: number): Promise<Trial> {
  try {
    return { mode, threads, rate: await rateOf(mode, threads, seconds) }
  } catch (error) {
    return { mode, threads, rate: 0, failed: error instanceof Error ? error.message : String(error) }
  }
}

const byRate = (trials: readonly Trial[]): Trial[] => trials.toSorted((a, b) => b.rate - a.rate)

const fastest = (trials: readonly Trial[], count: number): Trial[] =>
  byRate(trials.filter(({ failed }) => failed === undefined)).slice(0, count)
