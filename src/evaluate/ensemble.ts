/**
 * An ensemble of networks: the mean of their probabilities (Lakshminarayanan, Pritzel and Blundell, Simple and
 * scalable predictive uncertainty estimation using deep ensembles, arXiv 1612.01474, 2017).
 */
import { logSumExp } from '../core/logits.js'

/**
 * For networks with logits [n, classes] of the same images, log(mean(softmax(logits))): the ensemble's own logits,
 * whose softmax are its probabilities.
 */
export function ensembleLogits(networks: readonly Float32Array[], classes: number): Float32Array {
  const all = networks.map((logits) => logProbabilities(logits, classes))
  return Float32Array.from({ length: networks[0]?.length ?? 0 }, (_, i) => {
    const logs = all.map((values) => values[i] as number)
    return logSumExp(logs) - Math.log(logs.length)
  })
}

/** log(softmax(logits)) in double precision; probabilities themselves would be 0 far below the largest. */
function logProbabilities(logits: Float32Array, classes: number): Float64Array {
  const logs = Float64Array.from(logits)
  for (let row = 0; row < logs.length; row += classes) {
    const total = logSumExp(logs.subarray(row, row + classes))
    for (let i = row; i < row + classes; i++) logs[i] = (logs[i] as number) - total
  }
  return logs
}
