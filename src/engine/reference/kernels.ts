/** The kernel of every kind of step: one left out does not compile. */
import type { Step, StepKind } from '../../graph/steps.js'
import { convolution, convolutionBackwardData, convolutionBackwardWeights } from './convolution.js'
import { dense, denseBackwardData, denseBackwardWeights } from './dense.js'
import { add, blend, dropout, relu, reluBackward, rescale, reshape } from './elementwise.js'
import type { Kernel } from './kernel.js'
import { softmaxCrossEntropy } from './loss.js'
import type { Tensors } from './memory.js'
import {
  batchNormalization,
  batchNormalizationBackward,
  batchNormalizationInference,
} from './normalization.js'
import {
  globalAveragePooling,
  globalAveragePoolingBackward,
  maxPooling,
  maxPoolingBackward,
} from './pooling.js'
import { adam, sgd } from './update.js'

const kernels: { readonly [K in StepKind]: Kernel<K> } = {
  rescale,
  convolution,
  convolutionBackwardData,
  convolutionBackwardWeights,
  dense,
  denseBackwardData,
  denseBackwardWeights,
  batchNormalization,
  batchNormalizationInference,
  batchNormalizationBackward,
  blend,
  relu,
  reluBackward,
  maxPooling,
  maxPoolingBackward,
  globalAveragePooling,
  globalAveragePoolingBackward,
  dropout,
  reshape,
  add,
  softmaxCrossEntropy,
  adam,
  sgd,
}

/** Performs a step, yielding where the engine may pause. */
export function perform(step: Step, tensors: Tensors): Iterable<undefined> {
  // A union of steps and the kernels of the same kinds: TypeScript cannot pair them by itself.
  const kernel = kernels[step.kind] as (step: Step, tensors: Tensors) => Iterable<undefined>
  return kernel(step, tensors)
}
