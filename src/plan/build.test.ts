import { describe, expect, it } from 'vitest'
import { weightsOf } from '../graph/graph.js'
import { dense, dropout, flatten, input, relu, sequential } from '../graph/layers.js'
import { operandsOf, type TensorId } from '../graph/steps.js'
import { isStudyName, type ModelName, modelNames, models } from '../models/index.js'
import { buildInferencePlan, buildStatisticsPlan, buildTrainingPlan } from './build.js'
import { buildGradientPlan } from './gradient.js'
import type { Plan, TensorSpec } from './plan.js'

const common = {
  batch: 4,
  precision: 'f32',
  scaling: { scale: 1 / 255, shift: 0 },
  imageDType: 'u8',
} as const
const training = {
  ...common,
  update: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  smoothing: 0,
  average: true,
} as const

const plansOf = (name: ModelName): Plan[] => {
  const graph = models[name].build()
  return [
    buildTrainingPlan(graph, training),
    buildTrainingPlan(graph, { ...training, precision: 'bf16' }),
    buildInferencePlan(graph, common),
    buildStatisticsPlan(graph, { ...common, average: true }),
    buildGradientPlan(graph, { ...common, layer: 'input' }),
  ]
}

/** Replays a plan over its slots and returns the reads that would find another tensor's values. */
function clobberedReads(plan: Plan): string[] {
  const occupant = new Map<number, TensorId>()
  const wrong: string[] = []
  const specOf = (id: TensorId): TensorSpec => plan.tensors[id] as TensorSpec
  for (const id of Object.values(plan.inputs)) occupant.set(specOf(id).slot as number, id)
  plan.steps.forEach((step, index) => {
    const { reads, writes } = operandsOf(step)
    for (const id of reads) {
      const { slot, name, persistent } = specOf(id)
      if (!persistent && occupant.get(slot as number) !== id)
        wrong.push(`step ${index} ${step.kind}: ${name}`)
    }
    const slots = writes.filter((id) => !specOf(id).persistent).map((id) => specOf(id).slot)
    if (new Set(slots).size !== slots.length)
      wrong.push(`step ${index} ${step.kind}: two results in one slot`)
    for (const id of writes) if (!specOf(id).persistent) occupant.set(specOf(id).slot as number, id)
  })
  return wrong
}

describe.each(modelNames)('plans of %s', (name) => {
  it('never read a slot after another tensor took it', () => {
    for (const plan of plansOf(name)) expect(clobberedReads(plan)).toEqual([])
  })

  it('update every trainable weight once', () => {
    const [plan] = plansOf(name) as [Plan]
    const update = plan.steps.find((step) => step.kind === 'adam')
    if (update?.kind !== 'adam') throw new Error('there is no update')
    const trained = update.parameters.map(({ weights }) => plan.tensors[weights]?.name)
    expect(new Set(trained).size).toBe(trained.length)
    const learning = weightsOf(models[name].build()).filter(({ trainable }) => trainable)
    expect(trained.length).toBe(learning.length)
    // Of the study's models they are known from elsewhere.
    if (isStudyName(name)) expect(trained.length).toBe({ nn: 4, dnn: 12, cnn: 24, resnet50: 208 }[name])
  })
})

describe('a training plan', () => {
  it('of nn is this list of steps', () => {
    const plan = buildTrainingPlan(models.nn.build(), training)
    expect(plan.steps.map((step) => step.kind)).toEqual([
      'rescale',
      'dense',
      'dense',
      'softmaxCrossEntropy',
      'denseBackwardWeights',
      'denseBackwardData',
      'reluBackward',
      'denseBackwardWeights',
      'adam',
    ])
  })

  it('shares slots: far fewer bytes than tensors of their own would take', () => {
    const shared = buildTrainingPlan(models.resnet50.build(), training)
    const apart = buildTrainingPlan(models.resnet50.build(), { ...training, keepAll: true })
    expect(shared.slots).toBeLessThan(apart.slots * 0.7)
  })

  it('keeps dropout out of inference, and loss and gradients out of statistics', () => {
    const graph = sequential('d', input(2, 2, 1), flatten(), dense(3), relu(), dropout(0.5), dense(2))
    const kinds = (plan: Plan): string[] => plan.steps.map((step) => step.kind)
    expect(kinds(buildInferencePlan(graph, common))).toEqual(['rescale', 'dense', 'dense'])
    expect(kinds(buildStatisticsPlan(graph, common))).toEqual([])
    expect(kinds(buildTrainingPlan(graph, training)).filter((kind) => kind === 'dropout')).toHaveLength(2)
  })
})

describe('shape errors', () => {
  it('name the layer and both shapes', () => {
    expect(() => sequential('wrong', input(28, 28, 1), dense(10))).toThrow(
      'Layer dense_1 (dense) of model wrong: expected a vector of features (flatten() makes one of an image), ' +
        'received 28 x 28 x 1 from input',
    )
  })
})
