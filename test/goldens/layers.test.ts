/** Layers' values and gradients against PyTorch in double precision: see make_layers.py. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Engine } from '../../src/engine/engine.js'
import { type Case, state } from '../conformance/case.js'
import { convolutionCase } from '../conformance/cases/convolution.js'
import { denseCase } from '../conformance/cases/dense.js'
import { lossCase } from '../conformance/cases/loss.js'
import { inferenceCase, trainingCase } from '../conformance/cases/normalization.js'
import { averagePoolingCase, maxPoolingCase } from '../conformance/cases/pooling.js'
import { observe } from '../conformance/compare.js'
import { candidates, oracle } from '../conformance/engines.js'
import { expectWithin } from '../conformance/report.js'
import { relativeError, tolerances } from '../conformance/tolerances.js'
import { readGolden, valuesOf } from './golden.js'

/** Agreement of double precision with double precision: sums taken in another order. */
const exact = 1e-12

const pair = z.tuple([z.number(), z.number()])
const images = z.tuple([z.number(), z.number(), z.number(), z.number()])
const mode = z.enum(['same', 'valid'])
const shape = z.array(z.number())
const settings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('convolution'),
    name: z.string(),
    images,
    filters: z.number(),
    kernel: pair,
    strides: pair,
    mode,
    relu: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('dense'),
    name: z.string(),
    src: shape,
    units: z.number(),
    relu: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('batchNormalization'), name: z.string(), shape, relu: z.boolean() }),
  z.strictObject({ kind: z.literal('batchNormalizationInference'), name: z.string(), shape }),
  z.strictObject({
    kind: z.literal('maxPooling'),
    name: z.string(),
    images,
    window: pair,
    strides: pair,
    mode,
  }),
  z.strictObject({ kind: z.literal('globalAveragePooling'), name: z.string(), images }),
  z.strictObject({
    kind: z.literal('softmaxCrossEntropy'),
    name: z.string(),
    n: z.number(),
    classes: z.number(),
    smoothing: z.number(),
    share: z.number(),
    /** Of the images. */
    weights: z.array(z.number()).optional(),
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    name: z.string(),
    momentum: z.number(),
    nesterov: z.boolean(),
  }),
])
type Setting = z.infer<typeof settings>

const golden = await readGolden(
  'layers',
  z.strictObject({ 'made with': z.string(), cases: z.array(settings) }),
)

const goldenValues = (setting: Setting, name: string): Float64Array =>
  valuesOf(golden, `${setting.name}/${name}`)

/** The conformance suite's case of that setting, over its own operands. */
function caseOf(setting: Setting): Case {
  switch (setting.kind) {
    case 'convolution':
      return convolutionCase(setting)
    case 'dense':
      return denseCase(setting.src, setting.units, setting.relu)
    case 'batchNormalization':
      return trainingCase(setting.shape, setting.relu)
    case 'batchNormalizationInference':
      return inferenceCase(setting.shape, false)
    case 'maxPooling':
      return maxPoolingCase(setting.images, setting.window, setting.strides, setting.mode)
    case 'globalAveragePooling':
      return averagePoolingCase(setting.images)
    case 'softmaxCrossEntropy':
      return lossCase(setting.n, setting.classes, setting.smoothing, 1, setting)
    case 'sgd':
      return sgdCase(setting)
  }
}

function sgdCase(setting: Setting & { kind: 'sgd' }): Case {
  const weights = goldenValues(setting, 'weights')
  const [hyper, gradients] = (['hyper', 'gradients'] as const).map((name) =>
    Float32Array.from(goldenValues(setting, name)),
  ) as [Float32Array, Float32Array]
  const size = [weights.length]
  return {
    title: setting.name,
    iterations: gradients.length / weights.length,
    operands: { weights: state(size, weights), velocity: state(size, new Float64Array(weights.length)) },
    inputs: {
      hyper: { shape: [4], dtype: 'f32', values: hyper },
      gradient: { shape: size, dtype: 'f32', values: gradients },
    },
    results: {},
    forward: (find) => [
      {
        kind: 'sgd',
        hyper: find('hyper'),
        momentum: setting.momentum,
        nesterov: setting.nesterov,
        parameters: [
          {
            weights: find('weights'),
            gradient: find('gradient'),
            velocity: find('velocity'),
            average: null,
            decays: true,
          },
        ],
      },
    ],
  }
}

/** The same case over the golden's operands and inputs. */
function withGoldenOperands(setting: Setting, subject: Case): Case {
  const operands = Object.entries(subject.operands).map(([name, operand]) => {
    const values = golden.values.get(`${setting.name}/${name}`)
    return [name, values ? { ...operand, values } : operand] as const
  })
  const labels = golden.values.get(`${setting.name}/labels`)
  const inputs = { ...subject.inputs }
  if (labels && inputs.labels) inputs.labels = { ...inputs.labels, values: Uint8Array.from(labels) }
  const targets = golden.values.get(`${setting.name}/targets`)
  if (targets && inputs.targets) inputs.targets = { ...inputs.targets, values: Float32Array.from(targets) }
  return { ...subject, operands: Object.fromEntries(operands), inputs }
}

/** What the golden holds of what the case computes; an update's result is its weights. */
function expectedOf(setting: Setting, subject: Case): ReadonlyMap<string, Float64Array> {
  if (setting.kind === 'sgd') return new Map([['weights', goldenValues(setting, 'result')]])
  const names = Object.entries(subject.results).filter(([, { type }]) => type !== 'opaque')
  // PyTorch has no name for what comes between a convolution and its ReLU, nor for a second pooling.
  const known = names.filter(([name]) => name !== 'diffSum' && name !== 'inferred')
  return new Map(known.map(([name]) => [name, goldenValues(setting, name)]))
}

async function compareWithGolden(engine: Engine, setting: Setting, tolerance: number): Promise<void> {
  const subject = withGoldenOperands(setting, caseOf(setting))
  const { values } = await observe(engine, subject, {
    activations: 'f32',
    arrival: 'plain',
    inPlace: false,
  })
  const rows = [...expectedOf(setting, subject)].map(([tensor, expected]) => ({
    subject: subject.title,
    variant: engine.description,
    step: setting.kind,
    tensor,
    error: relativeError(values.get(tensor) ?? [], expected),
    tolerance,
  }))
  expectWithin(rows)
}

describe(`layers agree with ${golden.metadata['made with']}`, () => {
  const named = golden.metadata.cases.map((setting) => [setting.name, setting] as const)

  it('in every kind of layer', () => {
    expect(new Set(golden.metadata.cases.map(({ kind }) => kind)).size).toBe(settings.options.length)
  })

  it.each(named)('reference engine in f64: %s', async (_, setting) => {
    await compareWithGolden(oracle, setting, exact)
  })

  for (const { label, engine } of candidates) {
    it.skipIf(engine === null).each(named)(`${label}: %s`, async (_, setting) => {
      await compareWithGolden(engine ?? oracle, setting, tolerances.f32)
    })
  }
})
