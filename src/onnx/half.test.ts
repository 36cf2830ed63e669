import { describe, expect, it } from 'vitest'
import { toHalves } from './half.js'

/** The value of half-precision bits, by the definition of the format. */
function decoded(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}
/** All finite ones that are not negative, in order. */
const all = Array.from({ length: 31 << 10 }, (_, bits) => decoded(bits))

describe('toHalves', () => {
  it('keeps every half-precision number', () => {
    expect([...(toHalves(all) ?? [])]).toEqual(all.map((_, bits) => bits))
    expect([...(toHalves(all.map((value) => -value)) ?? [])]).toEqual(all.map((_, bits) => bits | 0x8000))
  })

  it('rounds to the nearest, half way to the even one', () => {
    const between = (share: number): number[] =>
      all.slice(1).map((value, i) => (1 - share) * (all[i] as number) + share * value)
    // Quarters and halves of a step are exact in single precision.
    expect([...(toHalves(between(0.25)) ?? [])]).toEqual(all.slice(1).map((_, i) => i))
    expect([...(toHalves(between(0.75)) ?? [])]).toEqual(all.slice(1).map((_, i) => i + 1))
    expect([...(toHalves(between(0.5)) ?? [])]).toEqual(all.slice(1).map((_, i) => i + (i % 2)))
  })

  it('refuses what would be infinite or is no number', () => {
    expect(toHalves([65_519.9])?.[0]).toBe(0x7bff)
    for (const value of [65_520, -65_520, 1e30, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(toHalves([1, value])).toBeNull()
    }
  })
})
