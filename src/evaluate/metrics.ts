/** How good logits are: accuracy, cross-entropy, per-class scores, confusions and calibration. */

import { argmax, meanCrossEntropy, rowOf } from '../core/logits.js'
import type { ClassMetrics, Evaluation } from '../runs/formats/metrics.js'
import { calibrationOf } from './calibration.js'
import { confusedPairs } from './confusions.js'
import { wilsonInterval } from './interval.js'

/**
 * Scores logits [n, classes] by the labels. An image is given the class of its largest logit, the first of equal
 * ones.
 */
export function evaluateLogits(
  logits: Float32Array,
  labels: Uint8Array,
  classes: readonly string[],
): Evaluation {
  const n = labels.length
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0))
  labels.forEach((label, image) => {
    const given = argmax(rowOf(logits, image, classes.length))
    const counts = confusion[label] as number[]
    counts[given] = (counts[given] as number) + 1
  })
  const perClass = classes.map((name, index) => classMetrics(name, index, confusion))
  const correct = perClass.reduce((sum, metrics) => sum + metrics.correct, 0)
  const mean = (score: keyof Evaluation['macro']): number =>
    perClass.reduce((sum, metrics) => sum + metrics[score], 0) / classes.length
  return {
    n,
    accuracy: ratio(correct, n),
    interval: wilsonInterval(correct, n),
    loss: meanCrossEntropy(logits, labels),
    correct,
    top2: ratio(countTop(2, logits, labels, classes.length), n),
    top3: ratio(countTop(3, logits, labels, classes.length), n),
    macro: { recall: mean('recall'), precision: mean('precision'), f1: mean('f1') },
    perClass,
    confusion,
    confusedPairs: confusedPairs(confusion, classes),
    calibration: calibrationOf(logits, labels, classes.length),
  }
}

/** Images with fewer than k logits before their label's: larger ones, and equal ones of earlier classes. */
function countTop(k: number, logits: Float32Array, labels: Uint8Array, classes: number): number {
  let count = 0
  labels.forEach((label, image) => {
    const row = rowOf(logits, image, classes)
    const own = row[label] as number
    const before = row.filter((logit, index) => logit > own || (logit === own && index < label))
    if (before.length < k) count++
  })
  return count
}

function classMetrics(name: string, index: number, confusion: readonly (readonly number[])[]): ClassMetrics {
  const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
  const row = confusion[index] as readonly number[]
  const [n, correct] = [sumOf(row), row[index] as number]
  const given = sumOf(confusion.map((counts) => counts[index] as number))
  const f1 = ratio(2 * correct, n + given)
  return { name, n, correct, recall: ratio(correct, n), precision: ratio(correct, given), f1 }
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
