/** The optimizers: every parameter in one pass. */
import { Hyper, type TensorId } from '../../graph/steps.js'
import { atOnce } from './kernel.js'
import type { Tensors } from './memory.js'

/** average += rate (weights - average), where an average is kept. */
function updateAverage(
  tensors: Tensors,
  weightsId: TensorId,
  averageId: TensorId | null,
  rate: number,
): void {
  if (averageId === null) return
  const [weights, average] = [tensors.values(weightsId), tensors.values(averageId)]
  for (let i = 0; i < weights.length; i++) {
    average[i] = (average[i] as number) + rate * ((weights[i] as number) - (average[i] as number))
  }
}

export const adam = atOnce<'adam'>((step, tensors) => {
  const hyper = tensors.values(step.hyper)
  const rate = hyper[Hyper.rate] as number
  const [keep1, keep2, epsilon] = [1 - step.beta1, 1 - step.beta2, step.epsilon]
  for (const parameter of step.parameters) {
    const [weights, gradient] = [tensors.values(parameter.weights), tensors.values(parameter.gradient)]
    const [mean, variance] = [tensors.values(parameter.mean), tensors.values(parameter.variance)]
    const decay = parameter.decays ? (hyper[Hyper.decay] as number) : 0
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i] as number
      const w = weights[i] as number
      const m = (mean[i] as number) + keep1 * (g - (mean[i] as number))
      const v = (variance[i] as number) + keep2 * (g * g - (variance[i] as number))
      mean[i] = m
      variance[i] = v
      weights[i] = w - decay * w - (rate * m) / (Math.sqrt(v) + epsilon)
    }
    updateAverage(tensors, parameter.weights, parameter.average, hyper[Hyper.average] as number)
  }
})

export const sgd = atOnce<'sgd'>((step, tensors) => {
  const hyper = tensors.values(step.hyper)
  const rate = hyper[Hyper.rate] as number
  const { momentum, nesterov } = step
  for (const parameter of step.parameters) {
    const [weights, gradient] = [tensors.values(parameter.weights), tensors.values(parameter.gradient)]
    const velocity = tensors.values(parameter.velocity)
    const decay = parameter.decays ? (hyper[Hyper.decay] as number) : 0
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i] as number
      const g = (gradient[i] as number) + decay * w
      const u = momentum * (velocity[i] as number) + g
      velocity[i] = u
      weights[i] = w - rate * (nesterov ? g + momentum * u : u)
    }
    updateAverage(tensors, parameter.weights, parameter.average, hyper[Hyper.average] as number)
  }
})
