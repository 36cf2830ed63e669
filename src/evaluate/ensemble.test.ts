import { describe, expect, it } from 'vitest'
import { ensembleLogits } from './ensemble.js'
import { evaluateLogits } from './metrics.js'

const probabilities = (logits: Float32Array): number[] => Array.from(logits, Math.exp)

describe('ensembleLogits', () => {
  it('are the logs of the mean probabilities', () => {
    // Softmax: (1/4, 3/4), (2/5, 3/5) and (7/8, 1/8), (1/10, 9/10); a shift of all logits changes nothing.
    const first = Float32Array.of(0, Math.log(3), Math.log(2) + 5, Math.log(3) + 5)
    const second = Float32Array.of(Math.log(7), 0, 0, Math.log(9))
    const mean = probabilities(ensembleLogits([first, second], 2))
    const expected = [(1 / 4 + 7 / 8) / 2, (3 / 4 + 1 / 8) / 2, (2 / 5 + 1 / 10) / 2, (3 / 5 + 9 / 10) / 2]
    for (const [i, probability] of mean.entries()) expect(probability).toBeCloseTo(expected[i] as number, 6)
  })

  it('score by the mean probability, not by the mean logit', () => {
    // The first is sure of class 0 by so much that the mean logit would follow it: 10 > 1.5 + 1.5.
    const networks = [Float32Array.of(10, 0), Float32Array.of(0, 1.5), Float32Array.of(0, 1.5)]
    const wrong = 1 - 1 / (1 + Math.exp(-1.5))
    const right = (1 / (1 + Math.exp(10)) + 2 * (1 - wrong)) / 3
    const { accuracy, loss, calibration } = evaluateLogits(ensembleLogits(networks, 2), Uint8Array.of(1), [
      'zero',
      'one',
    ])
    expect(right).toBeGreaterThan(0.5)
    expect(accuracy).toBe(1)
    expect(loss).toBeCloseTo(-Math.log(right), 6)
    expect(calibration.ece).toBeCloseTo(1 - right, 6)
  })

  it('stay finite where a probability is too small for a number', () => {
    const logits = ensembleLogits([Float32Array.of(3000, 0), Float32Array.of(2000, 0)], 2)
    expect(logits[0]).toBeCloseTo(0, 6)
    expect(logits[1]).toBeCloseTo(-2000 - Math.log(2), 3)
  })
})
