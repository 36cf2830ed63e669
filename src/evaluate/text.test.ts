import { describe, expect, it } from 'vitest'
import { FASHION_CLASSES } from '../data/classes.js'
import { scaleTemperature } from './calibration.js'
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
  const fitted = { temperature: 2, fittedOn: '5,000 held-out images' }
  const temperatureScaling = scaleTemperature(logits, labels, classes.length, fitted)
  return { ...evaluateLogits(logits, labels, classes), temperatureScaling }
}

describe('formatEvaluation', () => {
  const text = formatEvaluation(evaluationOf(FASHION_CLASSES))

  it('begins with accuracy, loss and calibration', () => {
    const lines = [
      'Accuracy           90.00 %   (9,000 of 10,000 images)',
      '95 % interval      89.40 to 90.57 %   (Wilson)',
      'Top 2, top 3       91.00 %, 92.00 %',
      'Log loss           0.5589   (with temperature 0.8032)',
      'Calibration error  4.28 %   (with temperature 32.49 %)',
      'Temperature        2.0000   (fitted on 5,000 held-out images)',
    ]
    expect(text.split('\n\n')[0]).toBe(lines.join('\n'))
  })

  it('says where there is no temperature', () => {
    const plain = formatEvaluation({ ...evaluationOf(FASHION_CLASSES), temperatureScaling: null })
    expect(plain).toMatch(
      /^Log loss {11}0\.5589\n.*[\d.]+ %\nTemperature {8}none {3}\(it takes a run that held/m,
    )
  })

  it('has a line a class and the confusion matrix with short names', () => {
    expect(text).toMatch(/^Ankle boot +1,000 +900 +90\.00 % +90\.00 % +90\.00 %$/m)
    expect(text).toMatch(/^ +T-shi +Trous +Pullo +Dress +Coat +Sanda +Shirt +Sneak +Bag +Ankle$/m)
    expect(text).toMatch(/^Trouser +· +900 +100 +·( +·)+$/m)
  })

  it('ends with the means of the classes and the pairs most confused', () => {
    expect(text).toMatch(/^All, mean of classes +10,000 +9,000 +90\.00 % +90\.00 % +90\.00 %$/m)
    expect(text).toMatch(/^Most confused +Taken for +Images +Of the class$/m)
    expect(text).toMatch(/^T-shirt\/top +Trouser +100 +10\.00 %$/m)
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
