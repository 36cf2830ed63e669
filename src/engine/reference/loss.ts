/** Softmax cross-entropy with label smoothing, a teacher's targets, weights of the images, and its gradient. */
import type { Values } from '../engine.js'
import { atOnce } from './kernel.js'

export const softmaxCrossEntropy = atOnce<'softmaxCrossEntropy'>((step, tensors) => {
  const [logits, diffLogits] = [tensors.values(step.logits), tensors.values(step.diffLogits)]
  const labels = tensors.bytes(step.labels)
  const taught = step.targets === null ? null : tensors.values(step.targets)
  const weights = step.exampleWeights === null ? null : tensors.values(step.exampleWeights)
  const [n = 0, classes = 0] = tensors.shape(step.logits)
  // Where no image counts, nothing is divided by nothing.
  const total = weights === null ? n : sumOf(weights) || 1
  const off = step.smoothing / classes
  const on = 1 - step.smoothing + off
  let [loss, correct] = [0, 0]
  for (let image = 0; image < n; image++) {
    const row = logits.subarray(image * classes, (image + 1) * classes)
    const label = labels[image] as number
    const weight = weights?.[image] ?? 1
    const largest = Math.max(...row)
    let sum = 0
    for (const logit of row) sum += Math.exp(logit - largest)
    for (let c = 0; c < classes; c++) {
      const logProbability = (row[c] as number) - largest - Math.log(sum)
      const own = c === label ? on : off
      const target = taught
        ? (1 - step.share) * own + step.share * (taught[image * classes + c] as number)
        : own
      loss -= weight * target * logProbability
      diffLogits[image * classes + c] = ((Math.exp(logProbability) - target) * weight) / total
    }
    // Of equal logits the first counts.
    if (row.indexOf(largest) === label) correct++
  }
  tensors.values(step.metrics).set([loss * (n / total), correct])
})

function sumOf(weights: Values): number {
  let sum = 0
  for (const weight of weights) sum += weight
  return sum
}
