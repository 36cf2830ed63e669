import { describe, expect, it } from 'vitest'
import { models } from '../../src/models/index.js'
import { matrixShapes, multiplyAdds } from './flops.mjs'

describe('multiplyAdds', () => {
  it('is a sum over weights for dense layers', () => {
    expect(multiplyAdds(models.nn.build())).toBe(784 * 128 + 128 * 10)
  })

  it('takes a convolution at each of its output pixels', () => {
    const convolutions = 28 * 28 * 9 * (1 * 32 + 32 * 32) + 28 * 28 * 9 * 32 * 64 + 14 * 14 * 9 * 64 * 128
    const dense = 14 * 14 * 128 * 512 + 512 * 128 + 128 * 10
    expect(multiplyAdds(models.cnn.build())).toBe(convolutions + dense)
  })
})

describe('matrixShapes', () => {
  it('lists dense layers and 1 x 1 convolutions at a batch, each once', () => {
    expect(matrixShapes(models.cnn.build(), 128)).toEqual([
      [128, 25_088, 512],
      [128, 512, 128],
      [128, 128, 10],
    ])
    const shapes = matrixShapes(models.resnet50.build(), 2)
    expect(shapes).toContainEqual([2 * 7 * 7, 64, 256])
    expect(shapes).not.toContainEqual([2 * 14 * 14, 49, 64])
    expect(new Set(shapes.map(String)).size).toBe(shapes.length)
  })
})
