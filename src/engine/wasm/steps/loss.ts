/** Softmax cross-entropy and its gradient. */
import type { TensorId } from '../../../graph/steps.js'
import { f32 } from '../assembler.js'
import type { StepCompiler } from './step.js'

export const softmaxCrossEntropy: StepCompiler<'softmaxCrossEntropy'> = (step, assembler) => {
  const { logits, labels, targets, exampleWeights, metrics, diffLogits, smoothing, share } = step
  const address = (id: TensorId | null): number => (id === null ? 0 : assembler.address(id))
  const operands = [logits, labels, targets, exampleWeights, metrics, diffLogits].map(address)
  const [images = 0, classes = 0] = assembler.spec(logits).shape
  assembler.call('softmaxCrossEntropy', ...operands, images, classes, f32(smoothing), f32(share))
}
