/** Softmax cross-entropy with label smoothing, and its gradient. */
import { atOnce } from './kernel.js'

export const softmaxCrossEntropy = atOnce<'softmaxCrossEntropy'>((step, tensors) => {
  const [logits, diffLogits] = [tensors.values(step.logits), tensors.values(step.diffLogits)]
  const labels = tensors.bytes(step.labels)
  const [n = 0, classes = 0] = tensors.shape(step.logits)
  const off = step.smoothing / classes
  const on = 1 - step.smoothing + off
  let [loss, correct] = [0, 0]
  for (let image = 0; image < n; image++) {
    const row = logits.subarray(image * classes, (image + 1) * classes)
    const label = labels[image] as number
    const largest = Math.max(...row)
    let sum = 0
    for (const logit of row) sum += Math.exp(logit - largest)
    for (let c = 0; c < classes; c++) {
      const logProbability = (row[c] as number) - largest - Math.log(sum)
      const target = c === label ? on : off
      loss -= target * logProbability
      diffLogits[image * classes + c] = (Math.exp(logProbability) - target) / n
    }
    // Of equal logits the first counts.
    if (row.indexOf(largest) === label) correct++
  }
  tensors.values(step.metrics).set([loss, correct])
})
