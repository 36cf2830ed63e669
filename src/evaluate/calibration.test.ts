import { describe, expect, it } from 'vitest'
import { confidenceOf, meanCrossEntropy } from '../core/logits.js'
import { calibrationOf, fitTemperature } from './calibration.js'

describe('calibrationOf', () => {
  it('puts the edges of bins below, and the certain in the last', () => {
    // Confidences 3/4 of two classes, and 1.
    const logits = new Float32Array([Math.log(3), 0, 1000, 0, 1000, 0])
    const { bins, ece } = calibrationOf(logits, Uint8Array.of(1, 0, 1), 2)
    expect(bins.map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2])
    expect(bins[14]).toEqual({ from: 14 / 15, to: 1, n: 2, confidence: 1, accuracy: 0.5 })
    expect(bins[0]).toMatchObject({ confidence: null, accuracy: null })
    expect(ece).toBeCloseTo((0.75 + 1) / 3, 6)
    // Equal logits of ten classes: a tenth, in (1/15, 2/15].
    expect(confidenceOf(new Float32Array(10))).toBe(1 / 10)
    expect(calibrationOf(new Float32Array(10), Uint8Array.of(0), 10).bins[1]?.n).toBe(1)
  })
})

describe('fitTemperature', () => {
  /** Ten images of confidence 10/11, of which `correct` are right. */
  const sure = (correct: number) => {
    const logits = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? Math.log(10) : 0))
    return [logits, Uint8Array.from({ length: 10 }, (_, image) => (image < correct ? 0 : 1)), 2] as const
  }

  it('makes the confidence what it should be', () => {
    // exp(log 10 / T) = 4 gives a confidence of 4/5.
    expect(fitTemperature(...sure(8))).toBeCloseTo(Math.log(10) / Math.log(4), 6)
    expect(fitTemperature(...sure(6))).toBeCloseTo(Math.log(10) / Math.log(1.5), 5)
  })

  it('finds the least loss', () => {
    const [logits, labels, classes] = sure(7)
    const best = fitTemperature(logits, labels, classes) as number
    const lossAt = (temperature: number) =>
      meanCrossEntropy(
        logits.map((logit) => logit / temperature),
        labels,
      )
    for (const other of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) {
      expect(lossAt(best * other)).toBeGreaterThan(lossAt(best))
    }
  })

  it('finds none where all are right, or no more than by chance', () => {
    for (const correct of [10, 5, 2]) expect(fitTemperature(...sure(correct))).toBeNull()
  })
})
