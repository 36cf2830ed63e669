/** Softmax cross-entropy with label smoothing, a teacher's targets or both, and its gradient. */
import { atOnce } from './kernel.js'

export const softmaxCrossEntropy = atOnce<'softmaxCrossEntropy'>((step, tensors) => {
  const [logits, diffLogits] = [tensors.values(step.logits), tensors.values(step.diffLogits)]
  const labels = tensors.bytes(step.labels)
  const taught = step.targets === null ? null : tensors.values(step.targets)
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
      const own = c === label ? on : off
      const target = taught
        ? (1 - step.share) * own + step.share * (taught[image * classes + c] as number)
        : own
      loss -= target * logProbability
      diffLogits[image * classes + c] = (Math.exp(logProbability) - target) / n
    }
    // Of equal logits the first counts.
    if (row.indexOf(largest) === label) correct++
  }
  tensors.values(step.metrics).set([loss, correct])
})
