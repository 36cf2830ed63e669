import { describe, expect, it } from 'vitest'
import { FASHION_CLASSES } from '../data/classes.js'
import { evaluateLogits } from './metrics.js'
import { formatEvaluation } from './text.js'

/** 1,000 images a class; every tenth is taken for the next class. */
function evaluationOf(classes: readonly string[]) {
  const n = 1000 * classes.length
  const labels = Uint8Array.from({ length: n }, (_, image) => image % classes.length)
  const logits = new Float32Array(n * classes.length)
  labels.forEach((label, image) => {
    const given = Math.floor(image / classes.length) % 10 === 0 ? (label + 1) % classes.length : label
    logits[image * classes.length + given] = 5
  })
  return evaluateLogits(logits, labels, classes)
}

describe('formatEvaluation', () => {
  const text = formatEvaluation(evaluationOf(FASHION_CLASSES))

  it('begins with accuracy and loss', () => {
    expect(text).toMatch(/^Accuracy {3}90\.00 % {3}\(9,000 of 10,000 images\)\nLoss {7}0\.5\d{3}\n/)
  })

  it('has a line a class and the confusion matrix with short names', () => {
    expect(text).toMatch(/^Ankle boot +1,000 +900 +90\.00 % +90\.00 % +90\.00 %$/m)
    expect(text).toMatch(/^ +T-shi +Trous +Pullo +Dress +Coat +Sanda +Shirt +Sneak +Bag +Ankle$/m)
    expect(text).toMatch(/^Trouser +· +900 +100 +·( +·)+$/m)
  })

  it('keeps to 100 columns', () => {
    for (const names of [
      FASHION_CLASSES,
      FASHION_CLASSES.map((name) => name.repeat(30)),
      Array.from({ length: 47 }, (_, index) => `letter ${index}`),
    ]) {
      const lines = formatEvaluation(evaluationOf(names)).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    }
  })

  it('numbers the columns where short names would be equal', () => {
    const alike = formatEvaluation(evaluationOf(['sleeve long', 'sleeve short']))
    expect(alike).toMatch(/^ +0 +1$/m)
  })
})
