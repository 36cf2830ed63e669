import { describe, expect, it } from 'vitest'
import { relativeError } from '../../test/conformance/tolerances.js'
import { decodeOnnx, type OnnxResult, runOnnx } from '../../test/support/onnx.js'
import { keyOf, Random } from '../core/random.js'
import { sizeOf } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { type Graph, weightsOf } from '../graph/graph.js'
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
} from '../graph/layers.js'
import { buildInferencePlan } from '../plan/build.js'
import { encodeOnnx, type OnnxOptions } from './model.js'

const side = [9, 12] as const
const count = 3
const scaling = { scale: 1 / (255 * 0.353), shift: -0.286 / 0.353 }
const random = new Random(keyOf(1, 'onnx'))
const images = Uint8Array.from({ length: count * sizeOf(side) }, () => random.integer(256))
const pixelValues = Float32Array.from(images, (pixel) => pixel / 255)

const relus = { activation: 'relu' } as const
/** Every op, odd paddings, strides, windows that are no squares, and a flatten that has to change the order. */
const all = sequential(
  'all',
  input(...side, 1),
  conv2d(4, [3, 5], { ...relus, strides: 2 }),
  batchNormalization(),
  residual('block', [conv2d(4, 2), batchNormalization(relus), dropout(0.5), conv2d(4, 3)]),
  relu(),
  maxPooling2d([3, 2], { strides: [2, 1], padding: 'same' }),
  conv2d(6, [2, 2], { padding: 'valid' }),
  batchNormalization(),
  flatten(),
  batchNormalization({ epsilon: 0.1 }),
  dense(7, relus),
  dense(5),
)
const pooled = sequential(
  'pooled',
  input(...side, 1),
  conv2d(8, 3, relus),
  maxPooling2d(2),
  globalAveragePooling2d(),
  dense(5),
)

function randomWeights(graph: Graph): Map<string, Float32Array> {
  const weights = weightsOf(graph).map(({ name, suffix, shape }): [string, Float32Array] => {
    const values = new Random(keyOf(2, name))
    const [low, high] = suffix === 'variance' ? [0.5, 1.5] : [-0.5, 0.5]
    return [name, Float32Array.from({ length: sizeOf(shape) }, () => values.between(low, high))]
  })
  return new Map(weights)
}

/** All results of the plan, in f64 by the reference engine. */
async function expectedOf(graph: Graph): Promise<(name: string) => Promise<Values>> {
  const engine = createReferenceEngine({ precision: 'f64' })
  const options = { batch: count, precision: 'f32', scaling, imageDType: 'u8', keepAll: true } as const
  const program = await engine.compile(buildInferencePlan(graph, options))
  await program.write(randomWeights(graph))
  await program.run(1, { images }, { logits: new Float32Array(count * 5) })
  return async (name) => (await program.read([name])).get(name) as Values
}

async function resultsOf(graph: Graph, options: OnnxOptions): Promise<ReadonlyMap<string, OnnxResult>> {
  const model = encodeOnnx({ graph, weights: randomWeights(graph), scaling }, options)
  return runOnnx(model, pixelValues, [count, 1, ...side])
}

/** From channels first to the logical view. */
function channelsLast({ dims, data }: OnnxResult): Float32Array {
  const [images = 0, channels = 0, height = 1, width = 1] = dims
  const area = height * width
  const index = (i: number): number => {
    const [image, rest] = [Math.floor(i / (area * channels)), i % (area * channels)]
    return (image * channels + (rest % channels)) * area + Math.floor(rest / channels)
  }
  return Float32Array.from({ length: images * channels * area }, (_, i) => data[index(i)] as number)
}

describe('a model as ONNX', () => {
  it.each([all, pooled])('gives the logits of $name', async (graph) => {
    const expected = await (await expectedOf(graph))(graph.nodes.at(-1)?.name ?? '')
    for (const [precision, tolerance] of [
      ['f32', 1e-5],
      ['f16', 1e-2],
      ['int8', 3e-2],
    ] as const) {
      const logits = (await resultsOf(graph, { precision })).get('logits')
      expect(logits?.dims).toEqual([count, 5])
      const error = relativeError(logits?.data ?? [], expected, 1)
      expect(error, precision).toBeLessThan(tolerance)
      // Less exact weights are really in the file.
      if (precision !== 'f32') expect(error, precision).toBeGreaterThan(1e-5)
    }
  })

  it('gives every layer as an output where it is asked to', async () => {
    const results = await resultsOf(all, { activations: true })
    const expected = await expectedOf(all)
    const silent = ['block_dropout_1', 'dense_2']
    const names = all.nodes.map(({ name }) => name).filter((name) => !silent.includes(name))
    expect([...results.keys()].sort()).toEqual(['logits', ...names].sort())
    // Of the names that the plan keeps when it fuses layers.
    const compared = ['conv2d_1', 'batch_normalization_1', 'block_conv2d_2', 'max_pooling2d_1', 'dense_1']
    for (const name of compared) {
      const result = results.get(name) as OnnxResult
      expect(relativeError(channelsLast(result), await expected(name)), name).toBeLessThan(1e-5)
    }
    expect(results.get('conv2d_1')?.dims).toEqual([count, 4, 5, 6])
  })

  it('takes color images where it is asked to, and sees gray ones as they are', async () => {
    const model = encodeOnnx({ graph: pooled, weights: randomWeights(pooled), scaling }, { rgb: true })
    const area = sizeOf(side)
    const gray = Float32Array.from(
      { length: 3 * pixelValues.length },
      (_, i) => pixelValues[Math.floor(i / (3 * area)) * area + (i % area)] as number,
    )
    const dims = [count, 3, ...side]
    const one = (await resultsOf(pooled, {})).get('logits')?.data ?? []
    const three = (await runOnnx(model, gray, dims)).get('logits')?.data ?? []
    expect(relativeError(three, one, 1)).toBeLessThan(1e-6)
    // Pure green is as bright as gray of 0.587.
    const green = Float32Array.from({ length: gray.length }, (_, i) =>
      Math.floor(i / area) % 3 === 1 ? 1 : 0,
    )
    const dull = new Float32Array(gray.length).fill(0.587)
    const [a, b] = [await runOnnx(model, green, dims), await runOnnx(model, dull, dims)]
    expect(relativeError(a.get('logits')?.data ?? [], b.get('logits')?.data ?? [], 1)).toBeLessThan(1e-6)
  })

  it('names inputs, outputs, weights, operators and what it was told', () => {
    const source = { graph: all, weights: randomWeights(all), scaling }
    const model = decodeOnnx(encodeOnnx(source, { metadata: { labels: '["a"]' }, description: 'A model' }))
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]])
    expect([model.irVersion, model.producerName, model.docString]).toEqual([8n, 'atelier', 'A model'])
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['labels', '["a"]']])
    const shapes = [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])].map(({ name, type }) => {
      const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined
      return [name, tensor?.elemType, tensor?.shape?.dim.map(({ value }) => value.value)]
    })
    expect(shapes).toEqual([
      ['pixel_values', 1, ['batch', 1n, 9n, 12n]],
      ['logits', 1, ['batch', 5n]],
    ])
    const stored = new Set(model.graph?.initializer.map(({ name }) => name))
    expect(weightsOf(all).filter(({ name }) => !stored.has(name))).toEqual([])
  })

  it('keeps kernels as bytes in int8, and everything else in f32', () => {
    const source = { graph: pooled, weights: randomWeights(pooled), scaling }
    const { graph } = decodeOnnx(encodeOnnx(source, { precision: 'int8' }))
    const types = graph?.initializer.map(({ name, dataType }) => `${name} ${dataType}`) ?? []
    expect(types).toContain('conv2d_1.weight/int8 3')
    expect(types).toContain('dense_1.weight/int8 3')
    expect(types).toContain('dense_1.bias 1')
    expect(types).not.toContain('dense_1.weight 1')
  })

  it.each<[string, readonly Layer[]]>([
    ['the input', [flatten(), dense(3, { name: 'pixel_values' }), dense(5)]],
    ['the output', [flatten(), dense(3, { name: 'logits' }), dense(5)]],
  ])('refuses a layer with the name of %s', (_, layers) => {
    const graph = sequential('named', input(...side, 1), ...layers)
    expect(() => encodeOnnx({ graph, weights: randomWeights(graph), scaling })).toThrow(
      /Name of a layer: expected a name that nothing else in the ONNX file has/,
    )
  })

  it('lets the last layer be called logits, and be one that does nothing', async () => {
    const called = sequential('called', input(...side, 1), flatten(), dense(5, { name: 'logits' }))
    const dropped = sequential('dropped', input(...side, 1), flatten(), dense(5), dropout(0.5))
    for (const precision of ['f32', 'f16'] as const) {
      expect([...(await resultsOf(called, { precision })).keys()]).toEqual(['logits'])
      const results = await resultsOf(dropped, { precision, activations: true })
      expect([...results.keys()]).toContain('logits')
    }
  })

  it('refuses weights that half precision cannot hold', () => {
    const graph = sequential('large', input(...side, 1), flatten(), dense(5))
    const weights = randomWeights(graph).set('dense_1.bias', Float32Array.of(0, 0, 70_000, 0, 0))
    expect(() => encodeOnnx({ graph, weights, scaling }, { precision: 'f16' })).toThrow(
      /Weight dense_1.bias: expected values that f16 can hold, received 70000 .*--precision f32/,
    )
  })
})
