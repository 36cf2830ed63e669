/** Steps that treat each element by itself. */
import { sizeOf } from '../../../core/shape.js'
import { Hyper, type TensorId } from '../../../graph/steps.js'
import { type Assembler, f32 } from '../assembler.js'
import type { StepCompiler } from './step.js'

const count = (assembler: Assembler, id: TensorId): number => sizeOf(assembler.spec(id).shape)

export const rescale: StepCompiler<'rescale'> = ({ src, dst, scale, shift }, assembler) => {
  const kernel = assembler.spec(src).dtype === 'u8' ? 'rescaleBytes' : 'rescale'
  const [from, to] = [assembler.address(src), assembler.address(dst)]
  assembler.call(kernel, from, to, count(assembler, dst), f32(scale), f32(shift))
}

export const relu: StepCompiler<'relu'> = ({ src, dst }, assembler) => {
  assembler.call('relu', assembler.address(src), assembler.address(dst), count(assembler, dst))
}

export const reluBackward: StepCompiler<'reluBackward'> = ({ dst, diffDst, diffSrc }, assembler) => {
  const operands = [dst, diffDst, diffSrc].map((id) => assembler.address(id))
  assembler.call('reluBackward', ...operands, count(assembler, dst))
}

export const add: StepCompiler<'add'> = ({ a, b, dst, relu }, assembler) => {
  const operands = [a, b, dst].map((id) => assembler.address(id))
  assembler.call('add', ...operands, count(assembler, dst), relu ? 1 : 0)
}

export const reshape: StepCompiler<'reshape'> = ({ src, dst }, assembler) => {
  assembler.call('copy', assembler.address(src), assembler.address(dst), 4 * count(assembler, dst))
}

export const blend: StepCompiler<'blend'> = ({ src, dst, rate, hyper }, assembler) => {
  const operands = [assembler.address(src), assembler.address(dst), count(assembler, dst)]
  const own = hyper === null ? 0 : assembler.address(hyper) + 4 * Hyper.statistics
  assembler.call('blend', ...operands, own, f32(rate))
}

export const dropout: StepCompiler<'dropout'> = ({ src, dst, key, salt, rate }, assembler) => {
  const threshold = Math.round(65_536 * rate)
  // 16 bits hold no threshold that nothing reaches: what does is multiplied by 0.
  const scale = threshold > 65_535 ? 0 : 65_536 / (65_536 - threshold)
  const operands = [assembler.address(src), assembler.address(dst), count(assembler, dst)]
  const least = Math.min(threshold, 65_535)
  assembler.call('dropout', ...operands, assembler.address(key), salt, least, f32(scale))
}
