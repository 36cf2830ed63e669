/** How much arithmetic a step is: 2 flops a multiply-add of its matrix product, taps on padding included. */
import { sizeOf } from '../core/shape.js'
import type { Step } from '../graph/steps.js'
import { type Plan, tensorOf } from './plan.js'

/** Of all steps together. */
export const planFlops = (plan: Plan): number =>
  plan.steps.reduce((sum, step) => sum + flopsOf(plan, step), 0)

/** Flops of the products that a model is made of; 0 for steps that only move memory. */
export function flopsOf(plan: Plan, step: Step): number {
  const size = (id: number): number => sizeOf(tensorOf(plan, id).shape)
  /** Each element of the output (its gradient, going back) meets all inputs of one weight row. */
  const product = (output: number, weights: number): number => {
    const [rows] = tensorOf(plan, weights).shape as [number]
    return 2 * size(output) * (size(weights) / rows)
  }
  switch (step.kind) {
    case 'convolution':
    case 'dense':
      return product(step.dst, step.weights)
    case 'convolutionBackwardData':
    case 'denseBackwardData':
      return product(step.diffDst, step.weights)
    case 'convolutionBackwardWeights':
    case 'denseBackwardWeights':
      return product(step.diffDst, step.diffWeights)
    default:
      return 0
  }
}
