/** How much work a plan is. */
import { sizeOf } from '../core/shape.js'
import { type Plan, tensorOf } from './plan.js'

/** Multiply-adds of the convolutions (taps on padding too) and dense layers of a plan's forward steps. */
export function multiplyAdds(plan: Plan): number {
  return plan.steps.reduce((sum, step) => {
    if (step.kind !== 'dense' && step.kind !== 'convolution') return sum
    const outputs = sizeOf(tensorOf(plan, step.dst).shape)
    const weights = tensorOf(plan, step.weights).shape
    return sum + outputs * sizeOf(weights.slice(1))
  }, 0)
}
