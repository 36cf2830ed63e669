import { describe, expect, test } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { auditLabels } from './confident-learning.js'

/** Three images labelled 0 and three labelled 1, of three classes. */
const probabilities = Float32Array.of(
  ...[0.9, 0.1, 0.0],
  ...[0.7, 0.2, 0.1],
  ...[0.2, 0.75, 0.05],
  ...[0.1, 0.8, 0.1],
  ...[0.65, 0.25, 0.1],
  ...[0.3, 0.6, 0.1],
)
const labels = Uint8Array.of(0, 0, 0, 1, 1, 1)

describe('confident learning, worked out by hand', () => {
  const audit = auditLabels(probabilities, labels, 3)

  test("thresholds are the classes' mean self-confidences", () => {
    expect(audit.thresholds[0]).toBeCloseTo((0.9 + 0.7 + 0.2) / 3, 6)
    expect(audit.thresholds[1]).toBeCloseTo((0.8 + 0.25 + 0.6) / 3, 6)
    expect(audit.thresholds[2]).toBe(Number.POSITIVE_INFINITY)
  })

  test('images confidently of another class are suspects, the lowest margin first', () => {
    // Above 0.6 for class 0 and 0.55 for class 1: all are confident; the third and the fifth not of their labels.
    expect(audit.suspects.map(({ index, label, suggested }) => [index, label, suggested])).toEqual([
      [2, 0, 1],
      [4, 1, 0],
    ])
    expect(audit.suspects[0]?.selfConfidence).toBeCloseTo(0.2, 6)
    expect(audit.suspects[0]?.suggestedConfidence).toBeCloseTo(0.75, 6)
    expect(audit.suspects[0]?.margin).toBeCloseTo((0.2 - 0.75 + 1) / 2, 6)
  })

  test('the joint counts 2 + 1 and 1 + 2, so two labels look wrong', () => {
    expect(audit.joint).toEqual([
      [2, 1, 0],
      [1, 2, 0],
      [0, 0, 0],
    ])
    expect(audit.estimatedErrors).toBe(2)
  })
})

test('an image below all thresholds is no evidence, and the joint is scaled to the labels', () => {
  // Thresholds 0.7 and 0.59: the second image reaches neither, the fourth only the first.
  const rows = [0.8, 0.2, 0.55, 0.45, 0.75, 0.25, 0.72, 0.28, 0.1, 0.9]
  const { suspects, joint } = auditLabels(Float32Array.from(rows), Uint8Array.of(0, 0, 0, 1, 1), 2)
  expect(suspects.map(({ index }) => index)).toEqual([3])
  expect(joint).toEqual([
    [3, 0],
    [1, 1],
  ])
})

test('finds most labels that were changed, and hardly any other, where the classes are separable', () => {
  const random = new Random(keyOf(5, 'noise'))
  const count = 3000
  const truth = Uint8Array.from({ length: count }, () => random.integer(4))
  const changed = truth.map((label) =>
    random.uniform() < 0.05 ? (label + 1 + random.integer(3)) % 4 : label,
  )
  const rows = Array.from(truth, (label) => {
    const row = Array.from({ length: 4 }, (_, other) => (other === label ? 5 : 0) + 2 * random.uniform())
    const sum = row.reduce((a, b) => a + b ** 2, 0)
    return row.map((value) => value ** 2 / sum)
  })
  const { suspects, estimatedErrors } = auditLabels(Float32Array.from(rows.flat()), changed, 4)
  const wrong = truth.reduce((sum, label, i) => sum + Number(label !== changed[i]), 0)
  const found = suspects.filter(({ index }) => truth[index] !== changed[index])
  expect(found.length).toBeGreaterThan(0.75 * wrong)
  expect(suspects.length - found.length).toBeLessThan(0.05 * wrong)
  expect(found.every(({ index, suggested }) => suggested === truth[index])).toBe(true)
  expect(Math.abs(estimatedErrors - wrong)).toBeLessThan(0.25 * wrong)
})
