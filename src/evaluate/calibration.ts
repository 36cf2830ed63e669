/** Whether a confidence of 90 % is right nine times of ten, and the temperature that makes it so. */

import { argmax, confidenceOf, meanCrossEntropy, rowOf } from '../core/logits.js'
import type { Calibration, FittedTemperature, TemperatureScaling } from '../runs/formats/metrics.js'

/** Equal bins of confidence, as in Guo et al., On Calibration of Modern Neural Networks (2017). */
export const CALIBRATION_BINS = 15

/** Sorts the images of logits [n, classes] into bins by their confidence. */
export function calibrationOf(logits: Float32Array, labels: Uint8Array, classes: number): Calibration {
  const sums = Array.from({ length: CALIBRATION_BINS }, () => ({ n: 0, confidence: 0, correct: 0 }))
  labels.forEach((label, image) => {
    const row = rowOf(logits, image, classes)
    const confidence = confidenceOf(row)
    const bin = sums[Math.min(CALIBRATION_BINS, Math.ceil(confidence * CALIBRATION_BINS)) - 1]
    // Logits that are not numbers have no confidence.
    if (bin === undefined) return
    bin.n += 1
    bin.confidence += confidence
    bin.correct += argmax(row) === label ? 1 : 0
  })
  const gaps = sums.reduce((sum, { confidence, correct }) => sum + Math.abs(correct - confidence), 0)
  return {
    ece: labels.length === 0 ? 0 : gaps / labels.length,
    bins: sums.map(({ n, confidence, correct }, index) => ({
      from: index / CALIBRATION_BINS,
      to: (index + 1) / CALIBRATION_BINS,
      n,
      confidence: n === 0 ? null : confidence / n,
      accuracy: n === 0 ? null : correct / n,
    })),
  }
}

/** Scores logits divided by a temperature. */
export function scaleTemperature(
  logits: Float32Array,
  labels: Uint8Array,
  classes: number,
  fitted: FittedTemperature,
): TemperatureScaling {
  const scaled = logits.map((logit) => logit / fitted.temperature)
  return {
    ...fitted,
    loss: meanCrossEntropy(scaled, labels),
    ...calibrationOf(scaled, labels, classes),
  }
}

/** Temperatures looked at are exp(-5) to exp(5), 0.0067 to 148. */
const WIDEST = 5

/**
 * The temperature T at which the mean cross-entropy of logits / T is least. In 1 / T it is convex, with the slope
 * mean(sum_k softmax(logits / T)_k logit_k - logit_label), whose root is found by bisection on log T. Null where
 * there is none to find: where all images are classified rightly (T = 0 would be best) or no better than by chance.
 */
export function fitTemperature(logits: Float32Array, labels: Uint8Array, classes: number): number | null {
  const slope = (logT: number): number => slopeAt(Math.exp(-logT), logits, labels, classes)
  let [low, high] = [-WIDEST, WIDEST]
  // The slope falls as T rises.
  if (!(slope(low) > 0 && slope(high) < 0)) return null
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (slope(middle) > 0) low = middle
    else high = middle
  }
  return Math.exp((low + high) / 2)
}

function slopeAt(inverse: number, logits: Float32Array, labels: Uint8Array, classes: number): number {
  let sum = 0
  labels.forEach((label, image) => {
    const row = rowOf(logits, image, classes)
    const highest = row.reduce((a, b) => Math.max(a, b))
    let [total, weighted] = [0, 0]
    for (const logit of row) {
      const weight = Math.exp(inverse * (logit - highest))
      total += weight
      weighted += weight * (logit - highest)
    }
    sum += weighted / total - ((row[label] as number) - highest)
  })
  return sum / labels.length
}
