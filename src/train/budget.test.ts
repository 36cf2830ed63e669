import { describe, expect, it } from 'vitest'
import { divideSeconds, secondsOf, type TrainingCost } from './budget.js'

/** Steps of 1/128 s, as many as wanted, and nothing besides, unless told. */
const cost = (changes: Partial<TrainingCost> = {}): TrainingCost => ({
  secondsPerStep: 1 / 128,
  besides: 0,
  mostSteps: 1_000_000,
  ...changes,
})

describe('a budget of time', () => {
  it('is shared equally, by time and not by steps', () => {
    expect(divideSeconds(8, [cost(), cost({ secondsPerStep: 1 / 32 })])).toEqual([512, 128])
  })

  it('gives what one does not need to the others', () => {
    const modest = cost({ mostSteps: 64 })
    expect(divideSeconds(8.5, [cost(), modest, cost()])).toEqual([512, 64, 512])
    expect(divideSeconds(100, [modest, modest])).toEqual([64, 64])
  })

  it('leaves time for what comes besides the steps', () => {
    const costs = [cost({ besides: 3 }), cost({ besides: 1 })]
    const steps = divideSeconds(8, costs)
    expect(steps).toEqual([256, 256])
    expect(secondsOf(steps, costs)).toBe(8)
  })

  it.each([0.001, 1])('gives each a step where %d seconds are too few', (seconds) => {
    expect(divideSeconds(seconds, [cost({ besides: 2 }), cost({ secondsPerStep: 5 })])).toEqual([1, 1])
  })

  it('is never exceeded by steps that were rounded', () => {
    const costs = [0.3, 0.7, 0.011].map((secondsPerStep) => cost({ secondsPerStep, besides: 0.5 }))
    for (let seconds = 10; seconds < 40; seconds += 0.37) {
      const taken = secondsOf(divideSeconds(seconds, costs), costs)
      expect(taken).toBeLessThanOrEqual(seconds + 1e-6)
      expect(taken).toBeGreaterThan(seconds - 1.02)
    }
  })
})
