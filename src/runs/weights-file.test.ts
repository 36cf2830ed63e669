import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { releasedWeights } from '../../test/support/released-weights.js'
import { finishedRun, linearGraph } from '../../test/support/run.js'
import { type StoredTensor, writeSafetensors } from '../checkpoint/safetensors.js'
import { UsageError } from '../core/errors.js'
import { storeGraph, weightsOf } from '../graph/graph.js'
import { conv2d, dense, flatten, input, sequential } from '../graph/layers.js'
import { standardized } from '../recipes/base.js'
import { pixelScaling } from '../recipes/recipe.js'
import { initializeWeights } from '../train/initialize.js'
import { floatTensors, shapesOf } from './formats/weights.js'
import { writeWeights } from './weights.js'
import { openWeightsFile } from './weights-file.js'

const graph = sequential('small', input(6, 6, 1), conv2d(2, 3), flatten(), dense(3))
const weights = initializeWeights(graph, 1)

let file: string
beforeEach(async () => {
  file = join(await temporaryFolder(), 'weights.safetensors')
})

/** The graph's weights but for some changes; null takes a tensor away. */
async function write(
  changes: Readonly<Record<string, StoredTensor | null>> = {},
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = new Map<string, StoredTensor>()
  for (const { name, shape } of weightsOf(graph)) {
    tensors.set(name, { shape, data: weights.get(name) as Float32Array })
  }
  for (const [name, tensor] of Object.entries(changes)) {
    if (tensor === null) tensors.delete(name)
    else tensors.set(name, tensor)
  }
  await writeSafetensors(file, tensors, metadata)
}
const zeros = (...shape: number[]): StoredTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b)),
})

describe('a file of weights', () => {
  it('is read for the model that it is said to be of, whatever its floating-point types', async () => {
    const bias = Float64Array.of(1, 2, 0.1)
    const conv2d = weights.get('conv2d_1.weight') as Float32Array
    await write({
      'dense_1.bias': { shape: [3], data: bias },
      'conv2d_1.weight': { shape: [2, 1, 3, 3], data: conv2d, as: 'F16' },
    })
    const read = await openWeightsFile(file, { graph, pixels: { mean: 0, deviation: 1 } })
    expect(read.graph).toBe(graph)
    expect(read.weights.get('dense_1.bias')).toEqual(Float32Array.from(bias))
    expect(read.weights.get('dense_1.weight')).toEqual(weights.get('dense_1.weight'))
    expect(read.weights.get('conv2d_1.weight')?.[0]).toBeCloseTo(conv2d[0] as number, 3)
    // Pixels as they are, in [0, 1].
    expect(read.scaling).toEqual({ scale: 1 / 255, shift: 0 })
  })

  it('says itself what it is where Atelier wrote it; who asks knows better', async () => {
    const pixels = { mean: 0.25, deviation: 0.5 }
    await write({}, { graph: JSON.stringify(storeGraph(graph)), pixels: JSON.stringify(pixels) })
    const read = await openWeightsFile(file)
    expect(read.graph).toEqual(graph)
    expect(read.scaling).toEqual({ scale: 1 / (255 * 0.5), shift: -0.5 })
    const other = await openWeightsFile(file, { pixels: { mean: 0, deviation: 0.5 } })
    expect(other.scaling).toEqual({ scale: 1 / (255 * 0.5), shift: 0 })
  })

  it('has to say what it is, or somebody else', async () => {
    await write()
    await expect(openWeightsFile(file)).rejects.toThrow(UsageError)
    await expect(openWeightsFile(file)).rejects.toThrow(
      /weights.safetensors: expected a model in its metadata, received none.*--model cnn/,
    )
    await expect(openWeightsFile(file, { graph })).rejects.toThrow(UsageError)
    await expect(openWeightsFile(file, { graph })).rejects.toThrow(
      /weights.safetensors: expected its pixels' mean and deviation.*received none.*--pixels MEAN,DEVIATION/,
    )
  })

  it.each<[string, Parameters<typeof write>, RegExp]>([
    [
      'lacks tensors',
      [{ 'dense_1.bias': null, 'conv2d_1.bias': null }],
      /expected the 4 tensors of model small, received a file without conv2d_1.bias, dense_1.bias\. docs/,
    ],
    [
      'has others',
      [{ 'fc.weight': zeros(1), a: zeros(1), b: zeros(1), c: zeros(1), 'dense_1.bias': null }],
      /without dense_1.bias and one with fc.weight, a, b and 1 more, which the model does not have/,
    ],
    ['has another shape', [{ 'dense_1.bias': zeros(4) }], /tensor dense_1.bias: expected 3, received 4$/],
    [
      'has axes in another order',
      [{ 'conv2d_1.weight': zeros(3, 3, 1, 2) }],
      /tensor conv2d_1.weight: expected 2 x 1 x 3 x 3, received 3 x 3 x 1 x 2. Its axes are in another order/,
    ],
    [
      'has whole numbers',
      [{ 'dense_1.bias': { shape: [3], data: new Int32Array(3) } }],
      /tensor dense_1.bias: expected floating-point numbers, received I32/,
    ],
    [
      'has no numbers',
      [{ 'dense_1.bias': { shape: [3], data: Float32Array.of(0, Number.NaN, 0) } }],
      /tensor dense_1.bias: expected finite numbers, received infinity or NaN among them/,
    ],
  ])('that %s is refused', async (_, changes, message) => {
    await write(...changes)
    await expect(openWeightsFile(file, { graph })).rejects.toThrow(message)
  })

  it.each([
    [
      { graph: '{' },
      /^\S*weights.safetensors, metadata graph: expected a model's layers, received .*JSON.*$/,
    ],
    [{ graph: '[]' }, /^\S*weights.safetensors, metadata graph: expected a model's layers, received .+$/],
    [{ graph: '{"name":"x","nodes":[]}' }, /weights.safetensors, metadata graph: .*expected an input first/],
    [
      { graph: JSON.stringify(storeGraph(graph)), pixels: '{"mean":1}' },
      /metadata pixels: expected a mean and/,
    ],
  ])('with metadata that are none is refused', async (metadata, message) => {
    await write({}, metadata)
    await expect(openWeightsFile(file)).rejects.toThrow(message)
  })
})

describe('a file in the folder of a run', () => {
  const described = { graph: linearGraph(), scaling: pixelScaling({ pixels: standardized }) }

  it.each(['model', 'best'] as const)('%s says itself what it is', async (name) => {
    const folder = await temporaryFolder()
    const { run, weights } = await finishedRun(folder, { holdOut: 0 })
    await writeWeights(run, name, weights)
    const elsewhere = join(folder, 'copy.safetensors')
    await copyFile(join(run.directory, `${name}.safetensors`), elsewhere)
    expect(await openWeightsFile(elsewhere)).toMatchObject(described)
  })

  it.each(['model', 'best'])(
    '%s is what the record says, where it was written without a word',
    async (name) => {
      const { run, weights } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
      file = join(run.directory, `${name}.safetensors`)
      await writeSafetensors(file, floatTensors(weights, shapesOf(run.graph)), { model: 'linear' })
      expect(await openWeightsFile(file)).toMatchObject(described)
      // Another file that happens to lie there is not the run's.
      const other = join(run.directory, 'other.safetensors')
      await copyFile(file, other)
      await expect(openWeightsFile(other, { graph: run.graph })).rejects.toThrow(/expected its pixels/)
    },
  )

  it('of a release is what the configuration says', async () => {
    const folder = await temporaryFolder()
    const { run, weights } = await finishedRun(folder, { holdOut: 0 })
    const released = join(folder, 'released')
    await releasedWeights(released, run)
    file = join(released, 'model.safetensors')
    await writeSafetensors(file, floatTensors(weights, shapesOf(run.graph)))
    expect(await openWeightsFile(file)).toMatchObject(described)
  })
})
