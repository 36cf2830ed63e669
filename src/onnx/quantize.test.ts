import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { quantize } from './quantize.js'

describe('quantize', () => {
  it('is off by half a step of the channel at most, and uses the whole range of each', () => {
    const random = new Random(keyOf(1, 'quantize'))
    const sizes = [1e-3, 1, 300]
    const weights = sizes.flatMap((size) => Array.from({ length: 500 }, () => random.between(-size, size)))
    const { values, scales } = quantize(weights, sizes.length)
    weights.forEach((weight, i) => {
      const scale = scales[Math.floor(i / 500)] as number
      expect(Math.abs((values[i] as number) * scale - weight)).toBeLessThan(0.5001 * scale)
    })
    sizes.forEach((size, channel) => {
      const bytes = values.subarray(500 * channel, 500 * (channel + 1))
      expect(Math.max(...bytes.map(Math.abs))).toBe(127)
      expect(scales[channel]).toBeLessThanOrEqual(size / 127)
    })
  })

  it('keeps zeros, also where a channel has nothing else', () => {
    const { values, scales } = quantize([0, -2, 1, 0, 0, 0], 2)
    expect([...values]).toEqual([0, -127, 64, 0, 0, 0])
    expect([...scales].every((scale) => scale > 0)).toBe(true)
  })
})
