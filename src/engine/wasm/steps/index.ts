/** The calls of every kind of step: one left out does not compile. */
import type { Step, StepKind } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import { convolution, convolutionBackwardData, convolutionBackwardWeights } from './convolution.js'
import { dense, denseBackwardData, denseBackwardWeights } from './dense.js'
import { add, blend, dropout, relu, reluBackward, rescale, reshape } from './elementwise.js'
import { softmaxCrossEntropy } from './loss.js'
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
import type { StepCompiler } from './step.js'
import { adam, sgd } from './update.js'

const compilers: { readonly [K in StepKind]: StepCompiler<K> } = {
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

/** Appends a step's calls. */
export function compileStep(step: Step, assembler: Assembler): void {
  // A union of steps and the compilers of the same kinds: TypeScript cannot pair them by itself.
  const compile = compilers[step.kind] as (step: Step, assembler: Assembler) => void
  compile(step, assembler)
}
