import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval } from './interval.js'
import { bootstrapDifference, mcnemar } from './significance.js'

describe('mcnemar', () => {
  it('gives probabilities that do not depend on the order', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (b, c) => {
        const { p } = mcnemar(b, c)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(mcnemar(c, b).p).toBe(p)
      }),
    )
  })

  it('is 1 where nothing speaks for either', () => {
    for (const count of [0, 5, 12, 13, 700]) expect(mcnemar(count, count).p).toBeCloseTo(1, 12)
  })

  it('counts coins by hand', () => {
    expect(mcnemar(0, 3)).toEqual({ p: expect.closeTo(2 / 8, 14), method: 'exact' })
    expect(mcnemar(1, 3).p).toBeCloseTo((2 * (1 + 4)) / 16, 14)
    // 25 coins: 2 P(X = 0) + P(X = 1).
    expect(mcnemar(1, 24)).toEqual({ p: expect.closeTo((2 + 25) / 2 ** 25, 18), method: 'mid-p' })
  })
})

describe('bootstrapDifference', () => {
  it('is as wide as the standard error says', () => {
    const [b, c, n] = [300, 200, 5000]
    const { low, high } = bootstrapDifference(b, c, n)
    const error = Math.sqrt(b + c - (b - c) ** 2 / n) / n
    expect((low + high) / 2).toBeCloseTo((b - c) / n, 3)
    expect((high - low) / (2 * 1.96 * error)).toBeCloseTo(1, 1)
  })

  it('has no width where no image tells them apart', () => {
    expect(bootstrapDifference(0, 0, 100)).toEqual({ low: 0, high: 0 })
    expect(bootstrapDifference(0, 0, 0)).toEqual({ low: 0, high: 0 })
  })
})

describe('wilsonInterval', () => {
  it('holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (correct, wrong) => {
        const n = correct + wrong
        const { low, high } = wilsonInterval(correct, n)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        if (n > 0) expect(low <= correct / n && correct / n <= high).toBe(true)
        else expect({ low, high }).toEqual({ low: 0, high: 1 })
      }),
    )
  })
})
