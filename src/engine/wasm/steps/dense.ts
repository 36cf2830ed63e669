/** Dense layers: products over images of one pixel. */
import type { TensorId } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import { backwardData, backwardWeights, forward } from './product.js'
import type { StepCompiler } from './step.js'
import { denseGeometry, type Geometry } from './windows.js'

function geometry(assembler: Assembler, dst: TensorId, weights: TensorId): Geometry {
  return denseGeometry(assembler.spec(dst).shape[0] ?? 0, assembler.spec(weights).shape)
}

export const dense: StepCompiler<'dense'> = (step, assembler) =>
  forward(assembler, geometry(assembler, step.dst, step.weights), step)

/** diffSrc = diffDst weights. */
export const denseBackwardData: StepCompiler<'denseBackwardData'> = (step, assembler) =>
  backwardData(assembler, geometry(assembler, step.diffDst, step.weights), step)

/** diffWeights = diffDst^T src; diffBias = the sum of diffDst over the images. */
export const denseBackwardWeights: StepCompiler<'denseBackwardWeights'> = (step, assembler) =>
  backwardWeights(assembler, geometry(assembler, step.diffDst, step.diffWeights), step)
