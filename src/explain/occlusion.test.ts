import { describe, expect, it } from 'vitest'
import { occlusionMap, windowsOver } from './occlusion.js'

const shape = { height: 9, width: 7, channels: 1 }

/** Two classes: the first's logit is a weighted sum of the pixels, the second's is zero. */
const linear = (weights: Float32Array) => async (images: Uint8Array, count: number) => {
  const size = weights.length
  return Float32Array.from({ length: 2 * count }, (_, i) => {
    if (i % 2 === 1) return 0
    const image = images.subarray((i / 2) * size, (i / 2 + 1) * size)
    return image.reduce((sum, pixel, place) => sum + pixel * (weights[place] as number), 0)
  })
}

describe('occlusion', () => {
  it('hides every place under four windows', () => {
    const counts = new Uint8Array(9 * 7)
    for (const { top, bottom, left, right } of windowsOver(shape)) {
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++)
          counts[row * 7 + column] = (counts[row * 7 + column] as number) + 1
      }
    }
    expect(new Set(counts)).toEqual(new Set([4]))
  })

  it('gives the mean loss of log-odds over the windows that hide a place', async () => {
    const weights = new Float32Array(63)
    const place = 4 * 7 + 3
    weights[place] = 0.5
    const image = new Uint8Array(63).fill(10)
    const { logits, classIndex, values } = await occlusionMap(image, shape, linear(weights))
    expect([Array.from(logits), classIndex]).toEqual([[5, 0], 0])
    // With two classes the log-odds are the difference of the logits: each window over the place takes 5.
    expect(values[place]).toBeCloseTo(5, 6)
    // Half of the windows over the neighbour two to the left hide the place.
    expect(values[place - 2]).toBeCloseTo(2.5, 6)
    expect(values[0]).toBe(0)
  })

  it('speaks against a class where hiding helps it', async () => {
    const weights = new Float32Array(63)
    weights[10] = 0.5
    const { values, classIndex } = await occlusionMap(new Uint8Array(63).fill(10), shape, linear(weights), 1)
    expect([classIndex, values[10]]).toEqual([1, -5])
  })

  it('asks for all images at once and leaves the image as it was', async () => {
    const image = Uint8Array.from({ length: 63 }, (_, i) => i + 1)
    const counts: number[] = []
    await occlusionMap(image, shape, async (images, count) => {
      counts.push(count)
      expect(images.subarray(0, 63)).toEqual(image)
      expect(images.subarray(63).filter((pixel) => pixel === 0).length).toBe(63 * 4)
      return new Float32Array(2 * count)
    })
    expect(counts).toEqual([windowsOver(shape).length + 1])
    expect(image[0]).toBe(1)
  })
})
