/** Softmax cross-entropy and its gradient. */
import { f32 } from '../assembler.js'
import type { StepCompiler } from './step.js'

export const softmaxCrossEntropy: StepCompiler<'softmaxCrossEntropy'> = (step, assembler) => {
  const { logits, labels, targets, exampleWeights, metrics, diffLogits, smoothing, share } = step
  const tensors = [logits, labels, targets, exampleWeights, metrics, diffLogits]
  const operands = tensors.map((id) => assembler.address(id))
  const [images = 0, classes = 0] = assembler.spec(logits).shape
  assembler.call('softmaxCrossEntropy', ...operands, images, classes, f32(smoothing), f32(share))
}
