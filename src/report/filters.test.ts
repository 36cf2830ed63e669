import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { weightsOf } from '../graph/graph.js'
import { conv2d, dense, flatten, input, sequential } from '../graph/layers.js'
import { drawFilters } from './filters.js'

describe('drawFilters', () => {
  it('draws weights blue below zero, orange above, and near white at zero', async () => {
    const graph = sequential('small', input(4, 4, 1), conv2d(9, 3), flatten(), dense(2))
    const values = new Float32Array(81)
    // The last filter, first in the second row: its right column.
    values.set([0, 0, 0.5, 0, 0, -0.5, 0, 0, 0], 72)
    const weights = new Map(weightsOf(graph).map(({ name }) => [name, values]))
    const filters = await drawFilters(graph, weights)
    expect(filters).toMatchObject({ layer: 'conv2d_1', count: 9, height: 3, width: 3, largest: 0.5 })
    const { data, info } = await sharp(filters?.png).raw().toBuffer({ resolveWithObject: true })
    // Eight in a row; a weight takes 16 pixels, and 6 lie between filters.
    expect([info.width, info.height, info.channels]).toEqual([8 * 54 - 6, 2 * 54 - 6, 4])
    const at = (x: number, y: number): number[] => [...data.subarray(4 * (y * info.width + x)).subarray(0, 4)]
    expect(at(47, 54)).toEqual([0xd5, 0x5e, 0x00, 255])
    expect(at(47, 54 + 31)).toEqual([0x00, 0x72, 0xb2, 255])
    expect(at(47, 54 + 32)).toEqual([0xf7, 0xf7, 0xf7, 255])
    expect(at(50, 60)[3]).toBe(0)
  })

  it('draws none of a model without a convolution over the image', async () => {
    const graph = sequential('small', input(4, 4, 1), flatten(), dense(2))
    expect(await drawFilters(graph, new Map())).toBeNull()
  })
})
