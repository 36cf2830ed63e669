/** Maximum pooling over windows and average pooling over whole images. */
import { sizeOf } from '../../../core/shape.js'
import type { TensorId } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'
import type { StepCompiler } from './step.js'

export const maxPooling: StepCompiler<'maxPooling'> = (step, assembler) => {
  const { src, dst, indices, window, strides, padding } = step
  const [, height = 0, width = 0, channels = 0] = assembler.spec(src).shape
  const [images = 0, outHeight = 0, outWidth = 0] = assembler.spec(dst).shape
  const operands = [src, dst, indices].map((id) => assembler.address(id))
  const extents = [images * outHeight, outHeight, outWidth, height, width, channels]
  assembler.call('maxPooling', ...operands, ...extents, ...window, ...strides, padding[0], padding[1])
}

export const maxPoolingBackward: StepCompiler<'maxPoolingBackward'> = (step, assembler) => {
  const operands = [step.diffDst, step.indices, step.diffSrc].map((id) => assembler.address(id))
  const [images = 0, ...from] = assembler.spec(step.diffDst).shape
  const [, ...to] = assembler.spec(step.diffSrc).shape
  assembler.call('maxPoolingBackward', ...operands, images, sizeOf(from), sizeOf(to))
}

/** Images, pixels and channels. */
function extents(assembler: Assembler, id: TensorId): readonly number[] {
  const [images = 0, height = 0, width = 0, channels = 0] = assembler.spec(id).shape
  return [images, height * width, channels]
}

export const globalAveragePooling: StepCompiler<'globalAveragePooling'> = ({ src, dst }, assembler) => {
  const operands = [src, dst].map((id) => assembler.address(id))
  assembler.call('globalAveragePooling', ...operands, ...extents(assembler, src))
}

export const globalAveragePoolingBackward: StepCompiler<'globalAveragePoolingBackward'> = (
  { diffDst, diffSrc },
  assembler,
) => {
  const operands = [diffDst, diffSrc].map((id) => assembler.address(id))
  assembler.call('globalAveragePoolingBackward', ...operands, ...extents(assembler, diffSrc))
}
