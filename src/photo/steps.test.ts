import { describe, expect, it } from 'vitest'
import { extend, resizeLongerEdge } from './frame.js'
import type { Raster } from './raster.js'
import { resample } from './resample.js'
import { sharpen } from './sharpen.js'

const raster = (width: number, ...values: number[]): Raster => ({
  width,
  height: values.length / width,
  channels: 1,
  values: Float32Array.from(values),
})

describe('resample', () => {
  it('averages whole areas', () => {
    expect(Array.from(resample(raster(4, 1, 3, 5, 7, 1, 3, 5, 7), 2, 1).values)).toEqual([2, 6])
  })

  it('averages parts of pixels in proportion', () => {
    // 3 pixels on 2: the middle one belongs to both, by half.
    const [left, right] = resample(raster(3, 0, 30, 90), 2, 1).values
    expect(left).toBeCloseTo((0 + 15) / 1.5, 4)
    expect(right).toBeCloseTo((15 + 90) / 1.5, 4)
  })

  it('interpolates where there are more pixels than before', () => {
    expect(Array.from(resample(raster(2, 0, 100), 4, 1).values)).toEqual([0, 25, 75, 100])
  })
})

describe('sharpen', () => {
  it('leaves a plain area and makes edges steeper', () => {
    expect(Array.from(sharpen(raster(3, ...Array(9).fill(90))).values)).toEqual(
      Array(9).fill(expect.closeTo(90, 3)),
    )
    const edge = sharpen(raster(4, ...Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 100 : 150)))).values
    expect(edge[5]).toBeLessThan(100)
    expect(edge[6]).toBeGreaterThan(150)
  })

  it('weighs as ImageMagick’s kernel of radius and sigma 1', () => {
    const point = sharpen(raster(3, 50, 50, 50, 50, 60, 50, 50, 50, 50)).values
    // Twice the Gaussian's sum at the centre, over that sum and its centre once more.
    const total = 1 + 4 * Math.exp(-0.5) + 4 * Math.exp(-1)
    expect(point[4]).toBeCloseTo(50 + (10 * 2 * total) / (total + 1), 3)
  })

  it('cuts off what is beyond black and white', () => {
    const values = sharpen(raster(3, 0, 0, 0, 0, 255, 0, 0, 0, 0)).values
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255])
  })
})

describe('the frame', () => {
  it('keeps the proportion, of one pixel at least', () => {
    const size = ({ width, height }: Raster): number[] => [width, height]
    expect(size(resizeLongerEdge(raster(100, ...Array(5000).fill(0)), 28))).toEqual([28, 14])
    expect(size(resizeLongerEdge(raster(1, ...Array(300).fill(0)), 28))).toEqual([1, 28])
  })

  it('puts an odd pixel above and left', () => {
    const { values } = extend(raster(1, 7), 4, 9)
    expect(values.indexOf(7)).toBe(2 * 4 + 2)
    expect(values.filter((value) => value === 9)).toHaveLength(15)
  })
})
