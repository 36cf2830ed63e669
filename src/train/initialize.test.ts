import { describe, expect, it } from 'vitest'
import { resnet50 } from '../models/resnet50.js'
import { initializeWeights } from './initialize.js'

describe('zeroInitResidual', () => {
  it('starts the last scale of every residual branch at 0 and leaves all else alone', () => {
    const graph = resnet50()
    const usual = initializeWeights(graph, 1)
    const changed = [...initializeWeights(graph, 1, { zeroInitResidual: true })].filter(
      ([name, values]) => !values.every((value, i) => value === usual.get(name)?.[i]),
    )
    expect(changed).toHaveLength(3 + 4 + 6 + 3)
    for (const [name, values] of changed) {
      expect(name).toMatch(/^stage\d_block\d_batch_normalization_3\.gamma$/)
      expect(values.every((value) => value === 0)).toBe(true)
    }
  })
})
