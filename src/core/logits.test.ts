import { expect, test } from 'vitest'
import { argmax, countCorrect, logSumExp, meanCrossEntropy, rowOf, softmax, softmaxRows } from './logits.js'

test('probabilities are the softmax of the logits, divided by the temperature where there is one', () => {
  const logits = Float32Array.of(Math.log(1), Math.log(4), Math.log(4))
  expect(Array.from(softmax(logits, null), (p) => p.toFixed(6))).toEqual(['0.111111', '0.444444', '0.444444'])
  expect(Array.from(softmax(logits, 2), (p) => p.toFixed(6))).toEqual(['0.200000', '0.400000', '0.400000'])
})

test('probabilities do not overflow', () => {
  expect(Array.from(softmax(Float32Array.of(1000, -1000), null))).toEqual([1, 0])
})

test('the softmax of rows is that of each by itself', () => {
  const logits = Float32Array.of(0, Math.log(3), 5, 5)
  expect(Array.from(softmaxRows(logits, 2), (p) => p.toFixed(6))).toEqual([
    '0.250000',
    '0.750000',
    '0.500000',
    '0.500000',
  ])
  expect(softmaxRows(logits, 2, 2).subarray(2)).toEqual(softmax(rowOf(logits, 1, 2), 2))
  expect(logits[0]).toBe(0)
})

test('of equal logits the first counts', () => {
  expect(argmax(Float32Array.of(1, 2, 2))).toBe(1)
  expect(countCorrect(Float32Array.of(1, 1, 0, 3), Uint8Array.of(1, 1))).toBe(1)
})

test('the cross-entropy is the log of the sum of exponentials less the logit at the label', () => {
  expect(logSumExp([Math.log(2), Math.log(6)])).toBeCloseTo(Math.log(8), 12)
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9)
  const logits = Float32Array.of(0, Math.log(3), 0, 0)
  expect(meanCrossEntropy(logits, Uint8Array.of(0, 1))).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 6)
})
