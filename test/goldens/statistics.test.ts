/** The figures of evaluations and comparisons against scikit-learn, SciPy and statsmodels. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fitTemperature, scaleTemperature } from '../../src/evaluate/calibration.js'
import { wilsonInterval } from '../../src/evaluate/interval.js'
import { evaluateLogits } from '../../src/evaluate/metrics.js'
import { bootstrapDifference, mcnemar } from '../../src/evaluate/significance.js'
import type { Calibration, Interval } from '../../src/runs/formats/metrics.js'

interface GoldenCalibration {
  readonly ece: number
  /** Images, mean confidence, accuracy. */
  readonly bins: readonly (readonly [number, number | null, number | null])[]
}
type Scores = Readonly<Record<'precision' | 'recall' | 'f1', number>>
interface GoldenEvaluation {
  readonly name: string
  readonly classes: number
  readonly logits: string
  readonly labels: string
  readonly accuracy: number
  readonly loss: number
  readonly top2: number
  readonly top3: number
  readonly precision: readonly number[]
  readonly recall: readonly number[]
  readonly f1: readonly number[]
  readonly macro: Scores
  readonly confusion: readonly (readonly number[])[]
  readonly calibration: GoldenCalibration
  readonly temperature: number
  readonly scaledLoss: number
  readonly scaledCalibration: GoldenCalibration
}
interface Golden {
  readonly evaluations: readonly GoldenEvaluation[]
  readonly intervals: readonly (Interval & { readonly correct: number; readonly n: number })[]
  readonly comparisons: readonly Readonly<Record<'b' | 'c' | 'exact' | 'midP', number>>[]
  readonly bootstraps: readonly (Interval & Readonly<Record<'b' | 'c' | 'n', number>>)[]
}

const golden: Golden = JSON.parse(readFileSync(new URL('statistics.json', import.meta.url), 'utf8'))

/** Both sides reckon in doubles from the same logits. */
const DIGITS = 12
/** Of the fitted temperature, relative: SciPy compares losses, which say it to half the digits of a double. */
const TEMPERATURE_TOLERANCE = 1e-6
/** Of losses and probabilities of scaled logits, which are rounded to f32. */
const SCALED_DIGITS = 6

function expectCalibration(actual: Calibration, expected: GoldenCalibration, digits: number): void {
  expect(actual.ece).toBeCloseTo(expected.ece, digits)
  expect(actual.bins.length).toBe(expected.bins.length)
  expected.bins.forEach(([n, confidence, accuracy], index) => {
    const bin = actual.bins[index]
    expect(bin?.n).toBe(n)
    if (confidence === null) expect(bin).toMatchObject({ confidence: null, accuracy: null })
    else {
      expect(bin?.confidence).toBeCloseTo(confidence, digits)
      expect(bin?.accuracy).toBeCloseTo(accuracy as number, digits)
    }
  })
}

describe.each(golden.evaluations)('an evaluation: $name', (expected) => {
  const { classes } = expected
  const bytes = Uint8Array.from(Buffer.from(expected.logits, 'base64'))
  const logits = new Float32Array(bytes.buffer)
  const labels = Uint8Array.from(Buffer.from(expected.labels, 'base64'))
  const names = Array.from({ length: classes }, (_, index) => `class ${index}`)
  const actual = evaluateLogits(logits, labels, names)

  test('accuracy, top-k accuracy and log loss', () => {
    for (const key of ['accuracy', 'top2', 'top3', 'loss'] as const) {
      expect(actual[key], key).toBeCloseTo(expected[key], DIGITS)
    }
  })

  test('confusions, and recall, precision and F1 by class and over all', () => {
    expect(actual.confusion).toEqual(expected.confusion)
    for (const key of ['precision', 'recall', 'f1'] as const) {
      expect(actual.macro[key], key).toBeCloseTo(expected.macro[key], DIGITS)
      actual.perClass.forEach((metrics, index) => {
        expect(metrics[key], `${key} of class ${index}`).toBeCloseTo(expected[key][index] as number, DIGITS)
      })
    }
  })

  test('calibration, and the temperature that mends it', () => {
    expectCalibration(actual.calibration, expected.calibration, DIGITS)
    const temperature = fitTemperature(logits, labels, classes) as number
    expect(Math.abs(temperature / expected.temperature - 1)).toBeLessThan(TEMPERATURE_TOLERANCE)
    const scaled = scaleTemperature(logits, labels, classes, { temperature, fittedOn: 'these' })
    expect(scaled.loss).toBeCloseTo(expected.scaledLoss, SCALED_DIGITS)
    expectCalibration(scaled, expected.scaledCalibration, SCALED_DIGITS)
  })
})

test.each(golden.intervals)("Wilson's interval of $correct of $n", ({ correct, n, low, high }) => {
  const actual = wilsonInterval(correct, n)
  expect(actual.low).toBeCloseTo(low, DIGITS)
  expect(actual.high).toBeCloseTo(high, DIGITS)
})

test.each(golden.comparisons)("McNemar's test of $b and $c", ({ b, c, exact, midP }) => {
  const method = b + c < 25 ? 'exact' : 'mid-p'
  const expected = method === 'exact' ? exact : midP
  const actual = mcnemar(b, c)
  expect(actual.method).toBe(method)
  // Relative: small p-values hold their digits too.
  expect(Math.abs(actual.p / expected - 1)).toBeLessThan(1e-9)
})

/** Two bootstraps of other random numbers: their quantiles differ by some hundredths of the width. */
const BOOTSTRAP_TOLERANCE = 0.05

test.each(golden.bootstraps)('the bootstrap of $b and $c of $n', ({ b, c, n, low, high }) => {
  const actual = bootstrapDifference(b, c, n)
  expect(Math.abs(actual.low - low)).toBeLessThan(BOOTSTRAP_TOLERANCE * (high - low))
  expect(Math.abs(actual.high - high)).toBeLessThan(BOOTSTRAP_TOLERANCE * (high - low))
  expect(bootstrapDifference(b, c, n)).toEqual(actual)
})
