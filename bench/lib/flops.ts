/** How much arithmetic a model is, as its plan counts it. */
import type { Graph } from '#atelier/graph/graph.js'
import { buildInferencePlan } from '#atelier/plan/build.js'
import { planFlops } from '#atelier/plan/flops.js'
import { type Plan, tensorOf } from '#atelier/plan/plan.js'
import type { Product } from '../contestants/peak.js'
import type { Task } from './types.js'

/** Training counts as three forward passes, as is customary. */
const PASSES: Readonly<Record<Task, number>> = { training: 3, one: 1, thousand: 1 }

/** Of one image: 2 flops a multiply-add of its convolutions and dense layers, taps on padding included. */
export function flopsPerImage(graph: Graph, task: Task): number {
  return PASSES[task] * planFlops(forwardPlan(graph, 1))
}

/**
 * The matrix products of a batch's forward pass as they stand in the model: dense layers and 1 x 1 convolutions, each
 * shape once.
 */
export function matrixShapes(graph: Graph, batch: number): Product[] {
  const plan = forwardPlan(graph, batch)
  const shapes = plan.steps.flatMap((step): Product[] => {
    if (step.kind !== 'dense' && step.kind !== 'convolution') return []
    const [columns = 0, inner = 0, ...window] = tensorOf(plan, step.weights).shape
    const rows = tensorOf(plan, step.dst)
      .shape.slice(0, -1)
      .reduce((a, b) => a * b)
    return window.every((extent) => extent === 1) ? [[rows, inner, columns]] : []
  })
  return [...new Map(shapes.map((shape) => [shape.join(), shape])).values()]
}

function forwardPlan(graph: Graph, batch: number): Plan {
  const pixels = { scale: 1, shift: 0 }
  return buildInferencePlan(graph, { batch, scaling: pixels, precision: 'f32', imageDType: 'u8' })
}
