import { describe, expect, it } from 'vitest'
import { models } from '#atelier/models/index.js'
import { flopsPerImage, matrixShapes } from './flops.js'

it('counts training as three forward passes', () => {
  const forward = 2 * (784 * 128 + 128 * 10)
  const graph = models.nn.build()
  const tasks = ['one', 'thousand', 'training'] as const
  expect(tasks.map((task) => flopsPerImage(graph, task))).toEqual([forward, forward, 3 * forward])
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
