import { expect, test } from 'vitest'
import { probabilitiesOf } from './logits.js'

test('are the softmax of the logits, divided by the temperature where there is one', () => {
  const logits = Float32Array.of(Math.log(1), Math.log(4), Math.log(4))
  expect(Array.from(probabilitiesOf(logits, null), (p) => p.toFixed(6))).toEqual([
    '0.111111',
    '0.444444',
    '0.444444',
  ])
  expect(Array.from(probabilitiesOf(logits, 2), (p) => p.toFixed(6))).toEqual([
    '0.200000',
    '0.400000',
    '0.400000',
  ])
})

test('do not overflow', () => {
  expect(Array.from(probabilitiesOf(Float32Array.of(1000, -1000), null))).toEqual([1, 0])
})
