/**
 * Whole training steps of the four architectures, scaled down, against PyTorch in double precision: see
 * make_training.py. Losses of every step, gradients of the first, and what statistics and averages end as.
 */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Engine, Values } from '../../src/engine/engine.js'
import { type Graph, weightsOf } from '../../src/graph/graph.js'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  type Layer,
  maxPooling2d,
  relu,
  residual,
  sequential,
} from '../../src/graph/layers.js'
import { buildTrainingPlan } from '../../src/plan/build.js'
import { averageName, gradientName } from '../../src/plan/lowering.js'
import { candidates, oracle } from '../conformance/engines.js'
import { expectWithin, type Row } from '../conformance/report.js'
import { relativeError } from '../conformance/tolerances.js'
import { type Golden, readGolden, valuesOf } from './golden.js'

/**
 * Largest errors relative to the largest expected value of each tensor. In single precision a ReLU or a
 * maximum near a tie may go the other way, and Adam makes whole steps of small gradients.
 */
const tolerances = {
  f64: { loss: 1e-9, gradient: 1e-9, last: 1e-9 },
  f32: { loss: 1e-3, gradient: 5e-3, last: 5e-3 },
} as const

const nn = (): Graph =>
  sequential('nn', input(6, 6, 1), flatten(), dense(12, { activation: 'relu' }), dense(10))

const dnn = (): Graph =>
  sequential(
    'dnn',
    input(6, 6, 1),
    flatten(),
    batchNormalization(),
    dense(16, { activation: 'relu' }),
    batchNormalization(),
    dense(12, { activation: 'relu' }),
    dense(8, { activation: 'relu' }),
    dense(10),
  )

const cnn = (): Graph =>
  sequential(
    'cnn',
    input(8, 8, 1),
    conv2d(4, 3, { activation: 'relu' }),
    batchNormalization(),
    conv2d(4, 3, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.25),
    conv2d(6, 3, { activation: 'relu' }),
    maxPooling2d(2),
    dropout(0.25),
    conv2d(8, 3, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.25),
    flatten(),
    dense(16, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.3),
    dense(8, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.3),
    dense(10),
  )

function bottleneck(name: string, channels: number, shortcut: readonly Layer[] = []): readonly Layer[] {
  const main = [
    conv2d(channels / 4, 1),
    batchNormalization(),
    relu(),
    conv2d(channels / 4, 3),
    batchNormalization(),
    relu(),
    conv2d(channels, 1),
    batchNormalization(),
  ]
  return [residual(name, main, shortcut), relu({ name: `${name}_relu` })]
}

function resnet50(): Graph {
  const stages = [4, 8, 16, 32].flatMap((channels, i) => {
    const entry = conv2d(channels, 1, { strides: 2, padding: 'valid', name: `stage${i + 1}_entry` })
    const blocks = Array.from({ length: [3, 4, 6, 3][i] as number }, (_, block) => {
      const shortcut = i === 0 && block === 0 ? [conv2d(channels, 1)] : []
      return bottleneck(`stage${i + 1}_block${block + 1}`, channels, shortcut)
    })
    return [...(i === 0 ? [] : [entry]), ...blocks.flat()]
  })
  return sequential(
    'resnet50',
    input(10, 10, 1),
    conv2d(4, 7, { strides: 2 }),
    batchNormalization(),
    relu(),
    maxPooling2d(3, { strides: 2, padding: 'same' }),
    ...stages,
    globalAveragePooling2d(),
    dense(8, { activation: 'relu' }),
    dense(10),
  )
}

const names = z.array(z.string())
const schema = z.strictObject({
  'made with': z.string(),
  smoothing: z.number(),
  extent: z.number(),
  'dropout salts': z.array(z.number()).optional(),
  first: names,
  gradient: names,
  last: names,
  average: names,
})
type Metadata = z.infer<typeof schema>
type Group = 'first' | 'gradient' | 'last' | 'average'

/** The tensors of a group, which lie one after another in one vector. */
function unpack(graph: Graph, golden: Golden<Metadata>, group: Group): Map<string, Float64Array> {
  const sizes = new Map(weightsOf(graph).map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]))
  const packed = valuesOf(golden, group)
  let offset = 0
  const entries = golden.metadata[group].map((name) => {
    const size = sizes.get(name)
    if (size === undefined) throw new Error(`the model has no weight ${name}`)
    offset += size
    return [name, packed.subarray(offset - size, offset)] as const
  })
  expect(offset).toBe(packed.length)
  return new Map(entries)
}

function planOf(graph: Graph, golden: Golden<Metadata>, batch: number) {
  return buildTrainingPlan(graph, {
    batch,
    precision: 'f32',
    scaling: { scale: 1 / 255, shift: 0 },
    imageDType: 'u8',
    keepAll: true,
    update: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    smoothing: golden.metadata.smoothing,
    average: true,
  })
}

interface Trained {
  /** [sum of losses, number right] of every step. */
  readonly metrics: Float64Array
  /** After the first step. */
  readonly gradients: ReadonlyMap<string, Values>
  /** At the end. */
  readonly weights: ReadonlyMap<string, Values>
}

async function train(engine: Engine, graph: Graph, golden: Golden<Metadata>): Promise<Trained> {
  const { extent } = golden.metadata
  const images = Uint8Array.from(valuesOf(golden, 'images'))
  const steps = valuesOf(golden, 'metrics').length / 2
  const batch = images.length / (steps * extent * extent)
  const program = await engine.compile(planOf(graph, golden, batch))
  const first = unpack(graph, golden, 'first')
  await program.write(first)
  await program.write(new Map([...first].map(([name, values]) => [averageName(name), values])))
  const inputs = {
    images,
    labels: Uint8Array.from(valuesOf(golden, 'labels')),
    hyper: Float32Array.from(valuesOf(golden, 'hyper')),
    key: Uint32Array.from(valuesOf(golden, 'key')),
  }
  const known = Object.entries(inputs).filter(([name]) => name in program.plan.inputs)
  const part = (from: number, to: number) =>
    Object.fromEntries(
      known.map(([name, all]) => {
        const size = all.length / steps
        return [name, all.subarray(from * size, to * size)]
      }),
    )
  const metrics = new Float64Array(2 * steps)
  // Native engines hand out single precision.
  const received = engine === oracle ? metrics : new Float32Array(2 * steps)
  await program.run(1, part(0, 1), { metrics: received.subarray(0, 2) })
  const gradients = await program.read(golden.metadata.gradient.map(gradientName))
  await program.run(steps - 1, part(1, steps), { metrics: received.subarray(2) })
  metrics.set(received)
  const weights = await program.read([...golden.metadata.last, ...golden.metadata.average.map(averageName)])
  program.dispose()
  return { metrics, gradients, weights }
}

/**
 * Whether a weight is the bias in front of a Batch Normalization, or that one's running mean. Such a bias has
 * no gradient but rounding errors, which Adam turns into steps of any size, and the mean moves with it.
 */
function isNoise(graph: Graph, weight: string): boolean {
  const [layer, suffix] = weight.split('.')
  const linear = (index: number | undefined): boolean => {
    const params = graph.nodes[index ?? -1]?.params as { activation?: string | null } | undefined
    return params?.activation === null
  }
  return graph.nodes.some(({ op, name, inputs: [from] }) => {
    if (op !== 'batchNormalization' || !linear(from)) return false
    return suffix === 'mean' ? name === layer : suffix === 'bias' && graph.nodes[from ?? -1]?.name === layer
  })
}

async function compareWithGolden(engine: Engine, graph: Graph, golden: Golden<Metadata>): Promise<void> {
  const tolerance = tolerances[engine === oracle ? 'f64' : 'f32']
  const trained = await train(engine, graph, golden)
  const rows: Row[] = []
  const add = (step: keyof typeof tolerance, tensor: string, error: number): void => {
    rows.push({ subject: graph.name, variant: '', step, tensor, error, tolerance: tolerance[step] })
  }
  const metrics = valuesOf(golden, 'metrics')
  for (let i = 0; i < metrics.length; i += 2) {
    add('loss', `step ${i / 2 + 1}`, relativeError([trained.metrics[i] as number], [metrics[i] as number]))
  }
  const exact = engine === oracle
  const addAll = (step: 'gradient' | 'last', group: Group, nameOf: (weight: string) => string): void => {
    const actual = step === 'gradient' ? trained.gradients : trained.weights
    for (const [weight, expected] of unpack(graph, golden, group)) {
      if ((step === 'gradient' || !exact) && isNoise(graph, weight)) continue
      add(step, nameOf(weight), relativeError(actual.get(nameOf(weight)) ?? [], expected))
    }
  }
  addAll('gradient', 'gradient', gradientName)
  addAll('last', 'last', (weight) => weight)
  addAll('last', 'average', averageName)
  expectWithin(rows)
  expect([...trained.metrics].filter((_, i) => i % 2 === 1)).toEqual(
    [...metrics].filter((_, i) => i % 2 === 1),
  )
}

for (const build of [nn, dnn, cnn, resnet50]) {
  const graph = build()
  const golden = await readGolden(graph.name, schema)

  describe(`training steps of ${graph.name} agree with ${golden.metadata['made with']}`, () => {
    it('over the same weights and dropout salts', () => {
      expect(golden.metadata.first.toSorted()).toEqual(
        weightsOf(graph)
          .map(({ name }) => name)
          .toSorted(),
      )
      const { steps } = planOf(graph, golden, 1)
      const salts = steps.flatMap((step) => (step.kind === 'dropout' ? [step.salt] : []))
      expect([...new Set(salts)]).toEqual(golden.metadata['dropout salts'] ?? [])
    })

    it('reference engine in f64', () => compareWithGolden(oracle, graph, golden))

    for (const { label, engine } of candidates) {
      it.skipIf(engine === null)(label, () => compareWithGolden(engine ?? oracle, graph, golden))
    }
  })
}
