/** Batch Normalization over the last axis. */
import { sizeOf } from '../../../core/shape.js'
import type { StepOf, TensorId } from '../../../graph/steps.js'
import { aligned } from '../allocator.js'
import { type Argument, type Assembler, f32 } from '../assembler.js'
import type { StepCompiler } from './step.js'

/** Rows and channels of what is normalized, and the bytes of a row of values by channel. */
function extents(assembler: Assembler, src: TensorId) {
  const { shape } = assembler.spec(src)
  const channels = shape.at(-1) as number
  return { rows: sizeOf(shape) / channels, channels, bytes: aligned(4 * channels) }
}

function forward(
  step: StepOf<'batchNormalization'> | StepOf<'batchNormalizationInference'>,
  assembler: Assembler,
): readonly Argument[] {
  const { src, dst, gamma, beta, mean, variance, epsilon, relu } = step
  const { rows, channels, bytes } = extents(assembler, src)
  const operands = [src, dst, gamma, beta, mean, variance].map((id) => assembler.address(id))
  const mask = assembler.address('mask' in step ? step.mask : null)
  const own = assembler.scratch(2 * bytes * assembler.threads)
  return [...operands, mask, f32(epsilon), relu ? 1 : 0, rows, channels, own, 2 * bytes]
}

export const batchNormalization: StepCompiler<'batchNormalization'> = (step, assembler) => {
  const { rows, channels, bytes } = extents(assembler, step.src)
  const partial = assembler.scratch(2 * bytes * assembler.threads)
  const args = forward(step, assembler)
  assembler.call('normalizationMoments', assembler.address(step.src), partial, 2 * bytes, rows, channels)
  assembler.call('normalization', ...args, partial)
}

export const batchNormalizationInference: StepCompiler<'batchNormalizationInference'> = (step, assembler) => {
  assembler.call('normalizationInference', ...forward(step, assembler))
}

export const batchNormalizationBackward: StepCompiler<'batchNormalizationBackward'> = (step, assembler) => {
  const { src, diffDst, mean, mask, gamma, variance, diffSrc, diffGamma, diffBeta, epsilon } = step
  const { rows, channels, bytes } = extents(assembler, src)
  const partial = assembler.scratch(2 * bytes * assembler.threads)
  const own = assembler.scratch(3 * bytes * assembler.threads)
  const given = [src, diffDst, mean, mask].map((id) => assembler.address(id))
  const sums = [...given, partial, 2 * bytes, rows, channels]
  assembler.call('normalizationSums', ...sums)
  const operands = [gamma, variance, diffSrc, diffGamma, diffBeta].map((id) => assembler.address(id))
  assembler.call('normalizationBackward', ...sums, ...operands, f32(epsilon), own, 3 * bytes)
}
