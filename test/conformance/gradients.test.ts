/** Gradients of the four real models' logits by the image and by the layer that Grad-CAM looks at. */
import { beforeAll, describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../src/core/random.js'
import { sizeOf } from '../../src/core/shape.js'
import type { Engine, Program, Values } from '../../src/engine/engine.js'
import { gradCamLayer } from '../../src/explain/grad-cam.js'
import { type Graph, resolveGraph } from '../../src/graph/graph.js'
import { modelNames, models } from '../../src/models/index.js'
import { buildInferencePlan } from '../../src/plan/build.js'
import { buildGradientPlan } from '../../src/plan/gradient.js'
import { dot } from './differences.js'
import { candidates, oracle } from './engines.js'
import { relativeError, tolerances } from './tolerances.js'
import { randomWeights } from './weights.js'

const batch = 2
/** Milliseconds: the reference engine takes seconds for resnet50, many on a busy machine. */
const TIMEOUT = 240_000
const options = { batch, precision: 'f32', imageDType: 'f32' } as const
const pixels = { scale: 1 / 255, shift: -0.5 }
const random = new Random(keyOf(5, 'images'))
const images = Float32Array.from({ length: batch * 784 }, () => random.integer(256))
/** Every logit counts, and differently for the two images. */
const diffLogits = Float32Array.from({ length: batch * 10 }, () => random.between(-1, 1))

async function compiled(engine: Engine, graph: Graph, plan: Program['plan']): Promise<Program> {
  const program = await engine.compile(plan)
  const names = new Set(program.plan.tensors.filter(({ persistent }) => persistent).map(({ name }) => name))
  await program.write(new Map([...randomWeights(graph)].filter(([name]) => names.has(name))))
  return program
}

interface Gradients {
  readonly logits: Values
  readonly activations: Values
  readonly gradients: Values
}

async function gradientsBy(engine: Engine, graph: Graph, layer: string): Promise<Gradients> {
  const program = await compiled(
    engine,
    graph,
    buildGradientPlan(graph, { ...options, scaling: pixels, layer }),
  )
  const size = batch * sizeOf(graph.nodes.find(({ name }) => name === layer)?.shape ?? [])
  const outputs = {
    logits: new Float64Array(batch * 10),
    activations: new Float64Array(size),
    gradients: new Float64Array(size),
  }
  await program.run(1, { images, diffLogits }, outputs)
  program.dispose()
  return outputs
}

/** What follows a layer, as a model of its own whose input is that layer's result. */
function behind(graph: Graph, layer: string): Graph {
  const from = graph.nodes.findIndex(({ name }) => name === layer)
  const { shape } = graph.nodes[from] as Graph['nodes'][number]
  const rest = graph.nodes
    .slice(from + 1)
    .map((node) => ({ ...node, inputs: node.inputs.map((i) => i - from) }))
  return resolveGraph(graph.name, [{ name: 'input', op: 'input', params: { shape }, inputs: [] }, ...rest])
}

/**
 * Slopes of the weighted logits along some directions, each as a central difference and as the gradient has it. The
 * model is linear but for its kinks, so that the points need only lie close together.
 */
async function slopes(
  graph: Graph,
  scaling: typeof pixels,
  at: ArrayLike<number>,
  gradients: Values,
): Promise<{ readonly differences: number[]; readonly analytic: number[] }> {
  const plan = buildInferencePlan(graph, { ...options, scaling })
  const program = await compiled(oracle, graph, plan)
  const objective = async (point: Float32Array): Promise<number> => {
    const logits = new Float64Array(batch * 10)
    await program.run(1, { images: point }, { logits })
    return dot(logits, diffLogits)
  }
  const distance = 2 ** -22 / scaling.scale
  const result = { differences: [] as number[], analytic: [] as number[] }
  for (let direction = 0; direction < 2; direction++) {
    const signs = Array.from(at, () => (random.integer(2) === 0 ? -1 : 1) * distance)
    const above = Float32Array.from(at, (value, i) => value + (signs[i] as number))
    const below = Float32Array.from(at, (value, i) => value - (signs[i] as number))
    // Points are f32: their real distance counts.
    const step = Float64Array.from(above, (value, i) => scaling.scale * (value - (below[i] as number)))
    result.differences.push((await objective(above)) - (await objective(below)))
    result.analytic.push(dot(gradients, step))
  }
  program.dispose()
  return result
}

describe.each(modelNames)('gradients of %s', (name) => {
  const graph = models[name].build()
  const layer = gradCamLayer(graph)
  const layers = ['input', ...(layer === null ? [] : [layer])]
  const expected = new Map<string, Gradients>()
  beforeAll(async () => {
    for (const place of layers) expected.set(place, await gradientsBy(oracle, graph, place))
  }, TIMEOUT)

  it(
    'by the image are the slopes of the logits',
    async () => {
      const { gradients } = expected.get('input') as Gradients
      const { differences, analytic } = await slopes(graph, pixels, images, gradients)
      expect(relativeError(analytic, differences, 0)).toBeLessThan(tolerances.differences)
    },
    TIMEOUT,
  )

  it.skipIf(layer === null)(
    'by a layer are the slopes of what follows it',
    async () => {
      const { activations, gradients } = expected.get(layer as string) as Gradients
      const given = { scale: 1, shift: 0 }
      const { differences, analytic } = await slopes(
        behind(graph, layer as string),
        given,
        activations,
        gradients,
      )
      expect(relativeError(analytic, differences, 0)).toBeLessThan(tolerances.differences)
    },
    TIMEOUT,
  )

  for (const { label, engine } of candidates) {
    it.skipIf(engine === null)(
      `are the same on the ${label}`,
      async () => {
        for (const place of layers) {
          const actual = await gradientsBy(engine ?? oracle, graph, place)
          const reference = expected.get(place) as Gradients
          expect(relativeError(actual.logits, reference.logits, 1)).toBeLessThan(tolerances.logits)
          expect(relativeError(actual.activations, reference.activations)).toBeLessThan(tolerances.logits)
          expect(apart(actual.gradients, reference.gradients)).toBeLessThan(tolerances.gradients)
        }
      },
      TIMEOUT,
    )
  }
})

/** The Euclidean distance, relative to the length of what is expected. */
function apart(actual: Values, expected: Values): number {
  const difference = Float64Array.from(expected, (value, i) => value - (actual[i] as number))
  return Math.sqrt(dot(difference, difference) / dot(expected, expected))
}
