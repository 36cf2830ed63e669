/** Convolutions: products over windows. */
import type { TensorId } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import { backwardData, backwardWeights, forward } from './product.js'
import type { StepCompiler } from './step.js'
import { type Geometry, geometryOf } from './windows.js'

function geometry(
  assembler: Assembler,
  src: TensorId,
  weights: TensorId,
  dst: TensorId,
  step: Parameters<typeof geometryOf>[3],
): Geometry {
  const shape = (id: TensorId) => assembler.spec(id).shape
  return geometryOf(shape(src), shape(weights), shape(dst), step)
}

export const convolution: StepCompiler<'convolution'> = (step, assembler) =>
  forward(assembler, geometry(assembler, step.src, step.weights, step.dst, step), step)

export const convolutionBackwardData: StepCompiler<'convolutionBackwardData'> = (step, assembler) =>
  backwardData(assembler, geometry(assembler, step.diffSrc, step.weights, step.diffDst, step), step)

export const convolutionBackwardWeights: StepCompiler<'convolutionBackwardWeights'> = (step, assembler) =>
  backwardWeights(assembler, geometry(assembler, step.src, step.diffWeights, step.diffDst, step), step)
