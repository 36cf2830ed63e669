/** Convolutions: products over windows. */
import type { TensorId } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import { multiplyGradients, multiplyWindows } from './product.js'
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

export const convolution: StepCompiler<'convolution'> = (step, assembler) => {
  const { src, weights, bias, dst, relu } = step
  multiplyWindows(assembler, geometry(assembler, src, weights, dst, step), false, {
    src: assembler.address(src),
    weights: assembler.address(weights),
    fixed: assembler.isFixed(weights),
    bias: assembler.address(bias),
    dst: assembler.address(dst),
    relu,
  })
}

export const convolutionBackwardData: StepCompiler<'convolutionBackwardData'> = (step, assembler) => {
  const { diffDst, weights, diffSrc } = step
  multiplyWindows(assembler, geometry(assembler, diffSrc, weights, diffDst, step), true, {
    src: assembler.address(diffDst),
    weights: assembler.address(weights),
    fixed: assembler.isFixed(weights),
    bias: 0,
    dst: assembler.address(diffSrc),
    relu: false,
  })
}

export const convolutionBackwardWeights: StepCompiler<'convolutionBackwardWeights'> = (step, assembler) => {
  const { src, diffDst, diffWeights, diffBias } = step
  multiplyGradients(assembler, geometry(assembler, src, diffWeights, diffDst, step), {
    src: assembler.address(src),
    diffDst: assembler.address(diffDst),
    diffWeights: assembler.address(diffWeights),
    diffBias: assembler.address(diffBias),
  })
}
