/** Dense layers: products of [images, features] with [out, in]. */
import type { Kernel } from './kernel.js'
import { addBias, multiply, sumRows, transpose } from './matrix.js'
import type { Tensors } from './memory.js'

/** Images, outputs and inputs of a dense layer. */
function extents(tensors: Tensors, dst: number, weights: number): [number, number, number] {
  const [out = 0, inputs = 0] = tensors.shape(weights)
  return [tensors.shape(dst)[0] ?? 0, out, inputs]
}

export const dense: Kernel<'dense'> = function* (step, tensors) {
  const dst = tensors.values(step.dst)
  const [n, out, inputs] = extents(tensors, step.dst, step.weights)
  yield* multiply(tensors.values(step.src), tensors.values(step.weights), dst, [n, out, inputs])
  addBias(dst, tensors.values(step.bias), step.relu)
}

/** diffSrc = diffDst weights. */
export const denseBackwardData: Kernel<'denseBackwardData'> = function* (step, tensors) {
  const [n, out, inputs] = extents(tensors, step.diffDst, step.weights)
  const turned = transpose(tensors.values(step.weights), tensors.scratch(out * inputs), out, inputs)
  yield* multiply(tensors.values(step.diffDst), turned, tensors.values(step.diffSrc), [n, inputs, out])
}

/** diffWeights = diffDst^T src; diffBias = the sum of diffDst over the images. */
export const denseBackwardWeights: Kernel<'denseBackwardWeights'> = function* (step, tensors) {
  const [n, out, inputs] = extents(tensors, step.diffDst, step.diffWeights)
  const diffDst = tensors.values(step.diffDst)
  const diffTurned = transpose(diffDst, tensors.scratch(n * out), n, out)
  const srcTurned = transpose(tensors.values(step.src), tensors.scratch(n * inputs), n, inputs)
  yield* multiply(diffTurned, srcTurned, tensors.values(step.diffWeights), [out, inputs, n])
  sumRows(diffDst, tensors.values(step.diffBias))
}
