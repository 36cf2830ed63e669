/**
 * The mathematics of logits: a matrix [count, classes], a row an image, one row after another. Pure computation: the
 * browser runs the same.
 */

/** A row of a matrix, in place. */
export function rowOf<T extends Float32Array | Uint8Array>(matrix: T, row: number, width: number): T {
  return matrix.subarray(row * width, (row + 1) * width) as T
}

/** The index of the largest value, the first of equal ones. */
export function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

/** log(sum(exp(values))). */
export function logSumExp(values: ArrayLike<number>): number {
  const highest = largest(values)
  return highest + Math.log(sumOfPowers(values, highest, 1))
}

function largest(values: ArrayLike<number>): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i] as number)
  return highest
}

/** sum(exp((value - highest) / temperature)). */
function sumOfPowers(values: ArrayLike<number>, highest: number, temperature: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(((values[i] as number) - highest) / temperature)
  return sum
}

/** softmax(logits / temperature) of one row; a temperature of null counts as 1. */
export function softmax(logits: Float32Array, temperature: number | null = null): Float32Array {
  const divisor = temperature ?? 1
  const highest = largest(logits)
  const sum = sumOfPowers(logits, highest, divisor)
  return logits.map((logit) => Math.exp((logit - highest) / divisor) / sum)
}

/** The softmax of each row. */
export function softmaxRows(
  logits: Float32Array,
  classes: number,
  temperature: number | null = null,
): Float32Array {
  const probabilities = new Float32Array(logits.length)
  for (let at = 0; at < logits.length; at += classes) {
    probabilities.set(softmax(logits.subarray(at, at + classes), temperature), at)
  }
  return probabilities
}

/** The softmax probability of a row's largest logit. */
export const confidenceOf = (row: Float32Array): number => 1 / sumOfPowers(row, largest(row), 1)

/** For each image whether its largest logit is at its label. */
export function rightOnes(logits: Float32Array, labels: Uint8Array): readonly boolean[] {
  const classes = logits.length / labels.length
  return Array.from(labels, (label, image) => argmax(rowOf(logits, image, classes)) === label)
}

/** How many of the images have their largest logit at their label. */
export const countCorrect = (logits: Float32Array, labels: Uint8Array): number =>
  rightOnes(logits, labels).filter((right) => right).length

/** Mean of log(sum(exp(logits))) - logit at the label. */
export function meanCrossEntropy(logits: Float32Array, labels: Uint8Array): number {
  const classes = logits.length / labels.length
  let sum = 0
  labels.forEach((label, image) => {
    const row = rowOf(logits, image, classes)
    sum += logSumExp(row) - (row[label] as number)
  })
  return sum / labels.length
}
