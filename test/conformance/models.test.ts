/** The four real models on every engine: logits, and the gradients of one training step. */
import { beforeAll, describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../src/core/random.js'
import type { Engine, Values } from '../../src/engine/engine.js'
import { type Graph, weightsOf } from '../../src/graph/graph.js'
import { modelNames, models } from '../../src/models/index.js'
import { buildInferencePlan, buildTrainingPlan } from '../../src/plan/build.js'
import { gradientName } from '../../src/plan/lowering.js'
import { candidates, oracle } from './engines.js'
import { relativeError, tolerances } from './tolerances.js'
import { randomWeights } from './weights.js'

/** With three, the statistics of resnet50's last layers are of so few values that f32 gradients differ from f64 ones. */
const batch = 6
const options = {
  batch,
  precision: 'f32',
  scaling: { scale: 1 / 255, shift: 0 },
  imageDType: 'u8',
} as const

const random = new Random(keyOf(4, 'images'))
const images = Uint8Array.from({ length: batch * 784 }, () => random.integer(256))
const labels = Uint8Array.from({ length: batch }, (_, i) => (3 * i) % 10)

async function logitsOf(engine: Engine, graph: Graph): Promise<Float32Array> {
  const program = await engine.compile(buildInferencePlan(graph, options))
  const names = program.plan.tensors.filter(({ persistent }) => persistent).map(({ name }) => name)
  const weights = randomWeights(graph)
  await program.write(new Map(names.map((name) => [name, weights.get(name) as Values])))
  const logits = new Float32Array(batch * 10)
  await program.run(1, { images }, { logits })
  program.dispose()
  return logits
}

/** The same by a classifier, which folds Batch Normalization; `count` images at a time. */
async function classifiedBy(
  engine: Engine,
  graph: Graph,
  count: number,
  precision: 'f32' | 'bf16' = 'f32',
): Promise<Float32Array> {
  const { scaling } = options
  const classifier = await engine.classifier(graph, { precision, scaling, batch: count })
  await classifier.load(randomWeights(graph))
  const logits = await classifier.logits(images, batch)
  classifier.dispose()
  return logits
}

async function gradientsOf(engine: Engine, graph: Graph): Promise<ReadonlyMap<string, Values>> {
  const plan = buildTrainingPlan(graph, {
    ...options,
    update: { kind: 'sgd', momentum: 0, nesterov: false },
    smoothing: 0.1,
    average: false,
    keepAll: true,
  })
  const program = await engine.compile(plan)
  await program.write(randomWeights(graph))
  const inputs = { images, labels, hyper: new Float32Array(4), key: Uint32Array.of(7, 8) }
  const known = Object.entries(inputs).filter(([name]) => name in plan.inputs)
  await program.run(1, Object.fromEntries(known), { metrics: new Float32Array(2) })
  const trained = weightsOf(graph).filter(({ trainable }) => trainable)
  const gradients = await program.read(trained.map(({ name }) => gradientName(name)))
  program.dispose()
  return gradients
}

/** The Euclidean distance of two lists of tensors, relative to the length of the second. */
function distance(actual: ReadonlyMap<string, Values>, expected: ReadonlyMap<string, Values>): number {
  let [square, length] = [0, 0]
  for (const [name, values] of expected) {
    values.forEach((value, i) => {
      square += (value - (actual.get(name)?.[i] ?? Number.NaN)) ** 2
      length += value ** 2
    })
  }
  return Math.sqrt(square / length)
}

describe.each(modelNames)('%s', (name) => {
  const graph = models[name].build()
  let expectedLogits: Float32Array
  let expectedGradients: ReadonlyMap<string, Values>
  beforeAll(async () => {
    expectedLogits = await logitsOf(oracle, graph)
    expectedGradients = await gradientsOf(oracle, graph)
  })

  it('has the same logits with Batch Normalization folded', async () => {
    const logits = await classifiedBy(oracle, graph, batch)
    expect(relativeError(logits, expectedLogits, 1)).toBeLessThan(tolerances.folded)
  })

  for (const { label, engine } of candidates) {
    it.skipIf(engine === null)(`has the same logits on the ${label}`, async () => {
      const logits = await logitsOf(engine ?? oracle, graph)
      expect(relativeError(logits, expectedLogits, 1)).toBeLessThan(tolerances.logits)
    })

    it.skipIf(engine === null)(`classifies alike on the ${label}`, async () => {
      // Several together, the last ones padded, then each alone.
      for (const count of [4, 1]) {
        const logits = await classifiedBy(engine ?? oracle, graph, count)
        expect(relativeError(logits, expectedLogits, 1)).toBeLessThan(tolerances.logits)
      }
    })

    it.skipIf(!engine?.bf16)(`classifies alike in bf16 on the ${label}`, async () => {
      for (const count of [4, 1]) {
        const logits = await classifiedBy(engine ?? oracle, graph, count, 'bf16')
        expect(relativeError(logits, expectedLogits, 1)).toBeLessThan(tolerances.bf16Logits)
      }
    })

    it.skipIf(engine === null)(`has the same gradients on the ${label}`, async () => {
      const gradients = await gradientsOf(engine ?? oracle, graph)
      expect(distance(gradients, expectedGradients)).toBeLessThan(tolerances.gradients)
    })
  }
})
