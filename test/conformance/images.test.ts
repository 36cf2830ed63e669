/**
 * Nets whose images an engine may lay out in blocks of channels: what is computed must not show it, wherever blocked
 * images meet plain ones.
 */
import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../src/core/random.js'
import { sizeOf } from '../../src/core/shape.js'
import type { Engine, Values } from '../../src/engine/engine.js'
import { createNativeEngine } from '../../src/engine/native/engine.js'
import { type Graph, inputShapeOf, weightsOf } from '../../src/graph/graph.js'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  maxPooling2d,
  relu,
  residual,
  sequential,
} from '../../src/graph/layers.js'
import { Hyper } from '../../src/graph/steps.js'
import { buildInferencePlan, buildTrainingPlan } from '../../src/plan/build.js'
import type { Plan } from '../../src/plan/plan.js'
import { candidates, native, oracle } from './engines.js'
import { relativeError, tolerances } from './tolerances.js'
import { randomWeights } from './weights.js'

const batch = 3
const options = { batch, precision: 'f32', scaling: { scale: 1 / 255, shift: 0 }, imageDType: 'u8' } as const

const deep = sequential(
  'one channel, dropout between and before the dense layer',
  input(22, 22, 1),
  conv2d(16, 3, { activation: 'relu' }),
  batchNormalization(),
  dropout(0.25),
  conv2d(32, 3, { activation: 'relu' }),
  maxPooling2d(2),
  dropout(0.25),
  conv2d(16, 3, { activation: 'relu' }),
  batchNormalization(),
  dropout(0.25),
  flatten(),
  dense(10),
)

const graphs: readonly Graph[] = [
  deep,
  sequential(
    'three channels, a shortcut, pooling right before the dense layer',
    input(11, 13, 3),
    conv2d(32, 3),
    residual('block', [conv2d(32, 3), batchNormalization(), relu(), conv2d(32, 3)]),
    relu(),
    maxPooling2d(3, { strides: 2, padding: 'same' }),
    flatten(),
    dense(10),
  ),
  sequential(
    'a mean over the image',
    input(14, 14, 1),
    conv2d(16, 5),
    relu(),
    globalAveragePooling2d(),
    dense(10),
  ),
  sequential(
    'channels that fill no block, strides, a product of pixels',
    input(20, 20, 2),
    conv2d(10, 3, { activation: 'relu' }),
    conv2d(16, 3, { strides: 2 }),
    conv2d(16, 3, { activation: 'relu' }),
    conv2d(16, 1),
    conv2d(48, 3),
    flatten(),
    dense(10),
  ),
]

const random = new Random(keyOf(5, 'images'))
const imagesOf = (graph: Graph): Uint8Array =>
  Uint8Array.from({ length: batch * sizeOf(inputShapeOf(graph)) }, () => random.integer(256))

async function logitsOf(engine: Engine, graph: Graph, images: Uint8Array): Promise<Float32Array> {
  const program = await engine.compile(buildInferencePlan(graph, options))
  const weights = randomWeights(graph)
  await program.write(weights)
  const logits = new Float32Array(batch * 10)
  await program.run(1, { images }, { logits })
  program.dispose()
  return logits
}

function trainingPlan(graph: Graph, keepAll: boolean): Plan {
  const update = { kind: 'sgd', momentum: 0, nesterov: false } as const
  return buildTrainingPlan(graph, { ...options, update, smoothing: 0, average: false, keepAll })
}

/** After a step: all that can be read. */
async function trained(
  engine: Engine,
  graph: Graph,
  images: Uint8Array,
  keepAll: boolean,
): Promise<ReadonlyMap<string, Values>> {
  const plan = trainingPlan(graph, keepAll)
  const program = await engine.compile(plan)
  await program.write(randomWeights(graph))
  const hyper = new Float32Array(Hyper.size)
  hyper[Hyper.rate] = 0.1
  const given = { images, labels: Uint8Array.of(1, 5, 9), hyper, key: Uint32Array.of(7, 8) }
  const inputs = Object.fromEntries(Object.entries(given).filter(([name]) => name in plan.inputs))
  await program.run(1, inputs, { metrics: new Float32Array(2) })
  const fed = Object.values(plan.inputs)
  const readable = plan.tensors.filter(
    ({ dtype, persistent }, id) => dtype === 'f32' && (persistent || (keepAll && !fed.includes(id))),
  )
  const values = await program.read(readable.map(({ name }) => name))
  program.dispose()
  return values
}

function expectAlike(actual: ReadonlyMap<string, Values>, expected: ReadonlyMap<string, Values>): void {
  expect([...actual.keys()]).toEqual([...expected.keys()])
  for (const [name, values] of expected) {
    expect(relativeError(actual.get(name) ?? [], values, 0.1), name).toBeLessThan(tolerances.logits)
  }
}

for (const { label, engine } of candidates) {
  describe.skipIf(engine === null).each(graphs.map((graph) => [graph.name, graph] as const))(
    `%s, on the ${label}`,
    (_, graph) => {
      const images = imagesOf(graph)

      it('gives the same logits', async () => {
        const logits = await logitsOf(engine ?? oracle, graph, images)
        expect(relativeError(logits, await logitsOf(oracle, graph, images), 1)).toBeLessThan(
          tolerances.logits,
        )
      })

      it.each([true, false])('learns the same in a step, every tensor kept: %s', async (keepAll) => {
        const actual = await trained(engine ?? oracle, graph, images, keepAll)
        expectAlike(actual, await trained(oracle, graph, images, keepAll))
        expect(actual.size).toBeGreaterThanOrEqual(weightsOf(graph).length)
      })
    },
  )
}

it.skipIf(!native.engine?.description.includes('AVX'))(
  'lie in blocks between convolutions in f32',
  async () => {
    const program = await (await createNativeEngine({ threads: 1 })).compile(trainingPlan(deep, false))
    const { implementations } = program.describe()
    const convolutions = program.plan.steps.flatMap(({ kind }, i) =>
      kind.startsWith('convolution') ? [implementations[i]] : [],
    )
    program.dispose()
    expect(convolutions).toHaveLength(8)
    for (const implementation of convolutions) expect(implementation).toMatch(/images aBcd(8|16)b/)
  },
)
