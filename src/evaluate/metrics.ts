/** How good logits are: accuracy, cross-entropy, per-class scores and the confusion matrix. */

import { argmax, meanCrossEntropy } from '../engine/logits.js'

export interface ClassMetrics {
  readonly name: string
  /** Images of this class, and those of them classified as such. */
  readonly n: number
  readonly correct: number
  /** correct / n. */
  readonly recall: number
  /** correct / images classified as this class. */
  readonly precision: number
  /** The harmonic mean of recall and precision. */
  readonly f1: number
}

/** Shares are in [0, 1]; one of no images counts as 0. */
export interface Evaluation {
  readonly n: number
  readonly accuracy: number
  /** Mean over the images of -log softmax(logits)[label]. */
  readonly loss: number
  readonly correct: number
  readonly perClass: readonly ClassMetrics[]
  /** Numbers of images by true class (row) and the class they were given (column). */
  readonly confusion: readonly (readonly number[])[]
}

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
    const given = argmax(logits.subarray(image * classes.length, (image + 1) * classes.length))
    const counts = confusion[label] as number[]
    counts[given] = (counts[given] as number) + 1
  })
  const perClass = classes.map((name, index) => classMetrics(name, index, confusion))
  const correct = perClass.reduce((sum, metrics) => sum + metrics.correct, 0)
  const loss = meanCrossEntropy(logits, labels, classes.length)
  return { n, accuracy: ratio(correct, n), loss, correct, perClass, confusion }
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
