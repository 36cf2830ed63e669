/** Dense layers: products over images of one pixel. */
import type { TensorId } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import { multiplyGradients, multiplyWindows } from './product.js'
import type { StepCompiler } from './step.js'
import { denseGeometry, type Geometry } from './windows.js'

function geometry(assembler: Assembler, dst: TensorId, weights: TensorId): Geometry {
  return denseGeometry(assembler.spec(dst).shape[0] ?? 0, assembler.spec(weights).shape)
}

export const dense: StepCompiler<'dense'> = ({ src, weights, bias, dst, relu }, assembler) => {
  multiplyWindows(assembler, geometry(assembler, dst, weights), false, {
    src: assembler.address(src),
    weights: assembler.address(weights),
    fixed: assembler.isFixed(weights),
    bias: assembler.address(bias),
    dst: assembler.address(dst),
    relu,
  })
}

/** diffSrc = diffDst weights. */
export const denseBackwardData: StepCompiler<'denseBackwardData'> = (step, assembler) => {
  const { diffDst, weights, diffSrc } = step
  multiplyWindows(assembler, geometry(assembler, diffDst, weights), true, {
    src: assembler.address(diffDst),
    weights: assembler.address(weights),
    fixed: assembler.isFixed(weights),
    bias: 0,
    dst: assembler.address(diffSrc),
    relu: false,
  })
}

/** diffWeights = diffDst^T src; diffBias = the sum of diffDst over the images. */
export const denseBackwardWeights: StepCompiler<'denseBackwardWeights'> = (step, assembler) => {
  const { src, diffDst, diffWeights, diffBias } = step
  multiplyGradients(assembler, geometry(assembler, diffDst, diffWeights), {
    src: assembler.address(src),
    diffDst: assembler.address(diffDst),
    diffWeights: assembler.address(diffWeights),
    diffBias: assembler.address(diffBias),
  })
}
