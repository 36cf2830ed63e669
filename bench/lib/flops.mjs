// How much arithmetic a model is, as its plan counts it.
import { buildInferencePlan } from '../../dist/plan/build.js'
import { planFlops } from '../../dist/plan/flops.js'

/** Training counts as three forward passes, as is customary. */
const PASSES = { training: 3, one: 1, thousand: 1 }

/** Of one image: 2 flops a multiply-add of its convolutions and dense layers, taps on padding included. */
export function flopsPerImage(graph, task) {
  return PASSES[task] * planFlops(forwardPlan(graph, 1))
}

/**
 * The matrix products [m, k, n] of a batch's forward pass as they stand in the model: dense layers and 1 x 1
 * convolutions, each shape once.
 */
export function matrixShapes(graph, batch) {
  const { steps, tensors } = forwardPlan(graph, batch)
  const shapes = steps.flatMap(({ kind, weights, dst }) => {
    if (kind !== 'dense' && kind !== 'convolution') return []
    const [columns, inner, ...window] = tensors[weights].shape
    const rows = tensors[dst].shape.slice(0, -1).reduce((a, b) => a * b)
    return window.every((extent) => extent === 1) ? [[rows, inner, columns]] : []
  })
  return [...new Map(shapes.map((shape) => [shape.join(), shape])).values()]
}

function forwardPlan(graph, batch) {
  const pixels = { scale: 1, shift: 0 }
  return buildInferencePlan(graph, { batch, pixels, precision: 'f32', imageDType: 'u8' })
}
