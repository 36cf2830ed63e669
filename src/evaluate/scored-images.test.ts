import { describe, expect, it } from 'vitest'
import { scoreImages } from './scored-images.js'

describe('scoreImages', () => {
  it('gives the probabilities of the predicted class and of the true one', () => {
    // softmax(ln 1, ln 2, ln 5) = 1/8, 2/8, 5/8, whatever is added to all.
    const row = [1, 2, 5].map((weight) => Math.log(weight) + 30)
    const logits = Float32Array.from([...row, ...row])
    const [first, second] = scoreImages({ logits, labels: Uint8Array.of(1, 2), count: 2 }, null)
    expect(first).toMatchObject({ index: 0, label: 1, predicted: 2 })
    expect(first?.confidence).toBeCloseTo(5 / 8, 5)
    expect(first?.labelProbability).toBeCloseTo(2 / 8, 5)
    expect(second).toMatchObject({ index: 1, label: 2, predicted: 2 })
    expect(second?.labelProbability).toBeCloseTo(5 / 8, 5)
  })

  it('calibrates them by the temperature, if there is one', () => {
    // The square roots of 1, 4, 25 are in sum 8.
    const logits = Float32Array.from([1, 4, 25], Math.log)
    const [image] = scoreImages({ logits, labels: Uint8Array.of(1), count: 1 }, 2)
    expect(image?.confidence).toBeCloseTo(5 / 8, 5)
    expect(image?.labelProbability).toBeCloseTo(2 / 8, 5)
  })
})
