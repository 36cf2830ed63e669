import { describe, expect, it } from 'vitest'
import { floatsToHalves, halvesToFloats } from './half.js'

const round = (value: number): number => floatsToHalves(Float32Array.of(value))[0] as number
const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00
/** The floats next to some, by their bits. */
const neighbours = (values: Float32Array, step: 1 | -1): Float32Array =>
  new Float32Array(new Uint32Array(values.buffer).map((bits) => bits + step).buffer)

describe('half precision', () => {
  it('holds all its values exactly, both ways', () => {
    const floats = halvesToFloats(all)
    const again = floatsToHalves(floats)
    expect(all.filter((bits) => !isNaNBits(bits) && again[bits] !== bits)).toEqual(new Uint16Array())
    expect(all.filter((bits) => isNaNBits(bits) !== Number.isNaN(floats[bits]))).toEqual(new Uint16Array())
    expect(all.filter((bits) => isNaNBits(bits) && !isNaNBits(again[bits] as number))).toEqual(
      new Uint16Array(),
    )
  })

  it('has the values of the formula', () => {
    const formula = Float32Array.from(all, (bits) => {
      const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff]
      if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
      return sign * 2 ** (Math.max(exponent, 1) - 15) * ((exponent === 0 ? 0 : 1) + fraction / 1024)
    })
    expect(halvesToFloats(all)).toEqual(formula)
  })

  it('rounds to the nearest between all neighbours, and to the even one from the middle', () => {
    // Positive values from 0 to 65,504: neighbours have neighbouring bits.
    const lows = all.subarray(0, 0x7bff)
    const floats = halvesToFloats(all)
    const middles = Float32Array.from(
      lows,
      (low) => ((floats[low] as number) + (floats[low + 1] as number)) / 2,
    )
    const [ties, negative, below, above] = [
      floatsToHalves(middles),
      floatsToHalves(middles.map((middle) => -middle)),
      floatsToHalves(neighbours(middles, -1)),
      floatsToHalves(neighbours(middles, 1)),
    ]
    const wrong = lows.filter((low) => {
      const even = low % 2 === 0 ? low : low + 1
      return (
        ties[low] !== even ||
        negative[low] !== (even | 0x8000) ||
        below[low] !== low ||
        above[low] !== low + 1
      )
    })
    expect(wrong).toEqual(new Uint16Array())
  })

  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [Math.PI, 0x4248],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -149, 0x0000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
  ])('of %d is %i', (value, bits) => {
    expect(round(value)).toBe(bits)
  })

  it('refuses what would overflow', () => {
    expect(() => round(65520)).toThrow(
      new RangeError('65520 is beyond 65504, the largest half-precision value'),
    )
    expect(() => round(-1e30)).toThrow(RangeError)
  })
})
