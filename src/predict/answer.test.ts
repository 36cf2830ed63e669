import { describe, expect, it } from 'vitest'
import { answerOf, rankClasses } from './answer.js'
import { KnownImages } from './known-images.js'

const image = Uint8Array.of(0, 255)
const classes = ['a', 'b', 'c']

describe('an answer', () => {
  it('names the class of the largest logit, in calibrated probabilities', () => {
    // The square roots of 1, 25 and 4 are in sum 8.
    const logits = Float32Array.from([1, 25, 4], Math.log)
    const answer = answerOf(image, logits, { classes, temperature: 2, known: null })
    expect(answer).toMatchObject({ label: 1, class: 'b', familiarity: null, unfamiliar: null, logits })
    expect(answer.probability).toBeCloseTo(5 / 8, 6)
    expect(Array.from(answer.probabilities, (p) => p.toFixed(3))).toEqual(['0.125', '0.625', '0.250'])
    expect(rankClasses(answer, classes).map(({ class: name }) => name)).toEqual(['b', 'c', 'a'])
  })

  it('ranks by the logits where probabilities have become equal, and equal logits by label', () => {
    const logits = Float32Array.of(-200, 0, -199)
    const answer = answerOf(image, logits, { classes, temperature: null, known: null })
    expect(answer.probabilities[0]).toBe(answer.probabilities[2])
    expect(rankClasses(answer, classes).map(({ label }) => label)).toEqual([1, 2, 0])
    const equal = answerOf(image, Float32Array.of(1, 2, 2), { classes, temperature: null, known: null })
    expect(equal.label).toBe(1)
    expect(rankClasses(equal, classes).map(({ label }) => label)).toEqual([1, 2, 0])
  })

  it('says whether the image is like those that the model knows', () => {
    const heldOut = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 5 : 0) + i / 100)
    const known = new KnownImages(heldOut, 3, null)
    const like = answerOf(image, heldOut.subarray(0, 3), { classes, temperature: null, known })
    expect(like).toMatchObject({ unfamiliar: false, familiarity: { threshold: known.threshold } })
    const unlike = answerOf(image, Float32Array.of(-9, 9, -9), { classes, temperature: null, known })
    expect(unlike.unfamiliar).toBe(true)
    expect(unlike.familiarity?.score).toBeGreaterThan(known.threshold)
  })
})
