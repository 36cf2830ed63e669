import { type Shape, sizeOf } from '../../../src/core/shape.js'
import { type Case, type CaseInput, type Find, type Operand, state } from '../case.js'
import { uniform } from '../values.js'

const iterations = 4
/** Rate, decay, average and statistics of each step. */
const hyper: CaseInput = {
  shape: [4],
  dtype: 'f32',
  values: Float32Array.of(0.05, 0.01, 0.5, 0, 0.04, 0.02, 0.25, 0, 0.01, 0, 1, 0, 0.03, 0.005, 0.1, 0),
}

interface UpdatedTensor {
  readonly name: string
  readonly shape: Shape
  readonly decays: boolean
  readonly averaged: boolean
}
const updated: readonly UpdatedTensor[] = [
  { name: 'kernel', shape: [17, 10, 3, 3], decays: true, averaged: true },
  { name: 'bias', shape: [17], decays: false, averaged: true },
  { name: 'matrix', shape: [10, 33], decays: true, averaged: false },
  { name: 'gamma', shape: [1], decays: false, averaged: false },
]

/** Weights, optimizer state (`slots`) and averages, and a gradient of its own for every iteration. */
function updateCase(
  title: string,
  slots: readonly string[],
  forward: (find: Find, common: (tensor: UpdatedTensor) => Updated) => ReturnType<Case['forward']>,
): Case {
  const operands: Record<string, Operand> = {}
  const inputs: Record<string, CaseInput> = { hyper }
  for (const { name, shape, averaged } of updated) {
    operands[name] = state(shape, uniform(`${title} ${name}`, shape))
    if (averaged) operands[`${name}.average`] = state(shape, uniform(`${title} ${name} average`, shape))
    for (const slot of slots) operands[`${name}.${slot}`] = state(shape, new Float64Array(sizeOf(shape)))
    const values = Float32Array.from(uniform(`${title} ${name} gradient`, [iterations, ...shape], -0.5, 0.5))
    inputs[`${name}.gradient`] = { shape, dtype: 'f32', values }
  }
  const common =
    (find: Find) =>
    ({ name, decays, averaged }: UpdatedTensor): Updated => ({
      weights: find(name),
      gradient: find(`${name}.gradient`),
      average: averaged ? find(`${name}.average`) : null,
      decays,
    })
  return { title, iterations, operands, inputs, results: {}, forward: (find) => forward(find, common(find)) }
}

interface Updated {
  readonly weights: number
  readonly gradient: number
  readonly average: number | null
  readonly decays: boolean
}

function sgdCase(momentum: number, nesterov: boolean): Case {
  const title = `sgd, momentum ${momentum}${nesterov ? ', nesterov' : ''}`
  return updateCase(title, ['velocity'], (find, common) => [
    {
      kind: 'sgd',
      hyper: find('hyper'),
      momentum,
      nesterov,
      parameters: updated.map((tensor) => ({ ...common(tensor), velocity: find(`${tensor.name}.velocity`) })),
    },
  ])
}

const adamCase = updateCase('adam', ['mean', 'variance'], (find, common) => [
  {
    kind: 'adam',
    hyper: find('hyper'),
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    parameters: updated.map((tensor) => ({
      ...common(tensor),
      mean: find(`${tensor.name}.mean`),
      variance: find(`${tensor.name}.variance`),
    })),
  },
])

export const updateCases: readonly Case[] = [
  adamCase,
  sgdCase(0, false),
  sgdCase(0.9, false),
  sgdCase(0.9, true),
]
