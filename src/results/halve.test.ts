import { expect, it } from 'vitest'
import { batchNormalization, dense, flatten, input, sequential } from '../graph/layers.js'
import { initializeWeights } from '../train/initialize.js'
import { halveWeights } from './halve.js'

const graph = sequential('small', input(2, 2, 1), flatten(), dense(3), batchNormalization(), dense(2))

it('rounds all weights but those of Batch Normalization', () => {
  const values = initializeWeights(graph, 1)
  values.get('batch_normalization_1.variance')?.fill(1e-9)
  const halved = halveWeights(graph, values)
  const types = Array.from(halved, ([name, { as }]) => `${name} ${as ?? 'F32'}`)
  expect(types).toEqual([
    'dense_1.weight F16',
    'dense_1.bias F16',
    'batch_normalization_1.gamma F32',
    'batch_normalization_1.beta F32',
    'batch_normalization_1.mean F32',
    'batch_normalization_1.variance F32',
    'dense_2.weight F16',
    'dense_2.bias F16',
  ])
  expect(halved.get('batch_normalization_1.variance')?.data).toEqual(new Float32Array(3).fill(1e-9))
  const [before, after] = [values.get('dense_1.weight'), halved.get('dense_1.weight')?.data]
  expect(after).not.toEqual(before)
  for (const [i, value] of (before as Float32Array).entries()) {
    expect(Math.abs((after?.[i] as number) - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11)
  }
})

it('refuses a weight that f16 cannot hold', () => {
  const values = initializeWeights(graph, 1)
  values.get('dense_2.weight')?.fill(1e5)
  expect(() => halveWeights(graph, values)).toThrow(/dense_2\.weight: expected values that fit into f16/)
})
