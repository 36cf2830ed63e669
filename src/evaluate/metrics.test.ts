import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateLogits } from './metrics.js'

describe('evaluateLogits', () => {
  it('counts by hand', () => {
    const logits = new Float32Array([
      ...[2, 0, 0], // true 0, given 0
      ...[0, 3, 0], // true 0, given 1
      ...[0, 3, 3], // true 1, given 1: the first of equal logits
      ...[9, 0, 0], // true 1, given 0
      ...[0, 0, 1], // true 1, given 2
    ])
    const result = evaluateLogits(logits, Uint8Array.of(0, 0, 1, 1, 1), ['a', 'b', 'c'])
    expect(result.confusion).toEqual([
      [1, 1, 0],
      [1, 1, 1],
      [0, 0, 0],
    ])
    expect(result).toMatchObject({ n: 5, correct: 2, accuracy: 0.4 })
    expect(result.perClass).toEqual([
      { name: 'a', n: 2, correct: 1, recall: 1 / 2, precision: 1 / 2, f1: 1 / 2 },
      { name: 'b', n: 3, correct: 1, recall: 1 / 3, precision: 1 / 2, f1: 2 / 5 },
      { name: 'c', n: 0, correct: 0, recall: 0, precision: 0, f1: 0 },
    ])
    expect(result.macro.recall).toBeCloseTo(5 / 18, 12)
    expect(result.macro.precision).toBeCloseTo(1 / 3, 12)
    expect(result.macro.f1).toBeCloseTo(3 / 10, 12)
    // The last image's label comes third: its logit equals that of an earlier class.
    expect(result).toMatchObject({ top2: 4 / 5, top3: 1 })
    expect(result.confusedPairs).toEqual([
      { trueClass: 'a', predictedClass: 'b', count: 1, share: 1 / 2 },
      { trueClass: 'b', predictedClass: 'a', count: 1, share: 1 / 3 },
      { trueClass: 'b', predictedClass: 'c', count: 1, share: 1 / 3 },
    ])
    const { exp, log } = Math
    const losses = [
      log(exp(2) + 2) - 2,
      log(exp(3) + 2),
      log(1 + 2 * exp(3)) - 3,
      log(exp(9) + 2),
      log(exp(1) + 2),
    ]
    expect(result.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 5, 12)
  })

  it('stays finite at extreme logits', () => {
    const { loss } = evaluateLogits(new Float32Array([3e38, -3e38, 1e4, 0]), Uint8Array.of(0, 1), ['a', 'b'])
    expect(loss).toBe(5000)
  })

  it('agrees with itself on any logits', () => {
    const images = fc.array(
      fc.record({
        row: fc.array(fc.float({ noNaN: true, min: -50, max: 50 }), { minLength: 4, maxLength: 4 }),
        label: fc.nat(3),
      }),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(images, fc.float({ min: -50, max: 50, noNaN: true }), (list, shift) => {
        const labels = Uint8Array.from(list, ({ label }) => label)
        const evaluate = (offset: number) => {
          const logits = Float32Array.from(list.flatMap(({ row }) => row.map((logit) => logit + offset)))
          return evaluateLogits(logits, labels, ['a', 'b', 'c', 'd'])
        }
        const { n, correct, accuracy, loss, perClass, confusion } = evaluate(0)
        expect(confusion.flat().reduce((a, b) => a + b)).toBe(n)
        expect(accuracy).toBe(correct / n)
        // Recall weighted by the classes' sizes is accuracy.
        expect(perClass.reduce((sum, { recall, n }) => sum + recall * n, 0) / n).toBeCloseTo(accuracy, 12)
        // The cross-entropy does not see a shift of all logits; 0.69 is the least that an error costs.
        expect(evaluate(shift).loss).toBeCloseTo(loss, 3)
        expect(loss).toBeGreaterThanOrEqual((1 - accuracy) * Math.log(2) - 1e-6)
      }),
    )
  })
})
