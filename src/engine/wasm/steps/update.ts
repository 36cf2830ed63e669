/** The optimizers: every parameter in one call. */
import { sizeOf } from '../../../core/shape.js'
import type { AdamParameter, SgdParameter } from '../../../graph/steps.js'
import { type Assembler, f32 } from '../assembler.js'
import type { StepCompiler } from './step.js'

/** What an update reads of a parameter beside its state. */
function common(assembler: Assembler, { weights, average, decays }: AdamParameter | SgdParameter) {
  return [assembler.address(average), decays ? 1 : 0, sizeOf(assembler.spec(weights).shape)]
}

export const adam: StepCompiler<'adam'> = ({ hyper, parameters, beta1, beta2, epsilon }, assembler) => {
  const table = parameters.flatMap((parameter) => {
    const { weights, gradient, mean, variance } = parameter
    const operands = [weights, gradient, mean, variance].map((id) => assembler.address(id))
    return [...operands, ...common(assembler, parameter)]
  })
  const rates = [f32(1 - beta1), f32(1 - beta2), f32(epsilon)]
  assembler.call('adam', assembler.address(hyper), parameters.length, ...rates, ...table)
}

export const sgd: StepCompiler<'sgd'> = ({ hyper, parameters, momentum, nesterov }, assembler) => {
  const table = parameters.flatMap((parameter) => {
    const operands = [parameter.weights, parameter.gradient, parameter.velocity]
    return [...operands.map((id) => assembler.address(id)), ...common(assembler, parameter)]
  })
  const kind = [f32(momentum), nesterov ? 1 : 0]
  assembler.call('sgd', assembler.address(hyper), parameters.length, ...kind, ...table)
}
