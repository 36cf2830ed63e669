/** jax-js as a contestant, on its WebAssembly backend: on one thread, since Node has no Web Workers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as jax from '@jax-js/jax'
import { root } from '../../scripts/lib/shell.mjs'
import {
  type Layer,
  type Params,
  readLayers,
  readPixels,
  readTrainingSet,
  readWeights,
} from '../contestants/material.js'
import { serve, takeTurn } from '../contestants/protocol.js'
import type { Assignment, Prepared, Task, Turn } from '../lib/types.js'

const { numpy: np, nn, lax } = jax

/** Larger batches than take so many seconds are not run: the rate would be the same. */
const UNIT_SECONDS = 0.4
/** Weights that no gradient reaches. */
const STATISTICS = /\.(mean|variance)$/
const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }

interface Given {
  readonly params: Params
  /** A weight of the layer. */
  readonly weight: (suffix: string) => jax.Array
  readonly training: boolean
}
type LayerFunction = (inputs: readonly jax.Array[], given: Given) => jax.Array

const activated = (x: jax.Array, { activation }: Params): jax.Array =>
  activation === 'relu' ? nn.relu(x) : x

/** The layers, on images as [n, c, h, w]. */
const layers: Readonly<Record<string, LayerFunction>> = {
  conv2d: ([x], { params, weight }) => {
    const y = lax.conv(x!, weight('weight'), params.strides, params.padding === 'same' ? 'SAME' : 'VALID')
    return activated(y.add(weight('bias').reshape([-1, 1, 1])), params)
  },
  dense: ([x], { params, weight }) =>
    activated(np.dot(x!, weight('weight').transpose()).add(weight('bias')), params),
  batchNormalization: ([x], given) => activated(normalize(x!, given), given.params),
  relu: ([x]) => nn.relu(x!),
  maxPooling2d: ([x], { params: { window, strides } }) =>
    lax.reduceWindow(x!, (values) => np.max(values), window, strides),
  globalAveragePooling2d: ([x]) => np.mean(x!, [2, 3]),
  // Training with dropout is for convolutional models alone, which are not trained here.
  dropout: ([x]) => x!,
  add: ([a, b], { params }) => activated(a!.add(b!), params),
  flatten: ([x]) => {
    const [n = 0] = x!.shape
    // Atelier flattens in the order h, w, c.
    return x!.shape.length === 4 ? x!.transpose([0, 2, 3, 1]).reshape([n, -1]) : x!.reshape([n, -1])
  },
}

/** By the batch's own statistics in training (the running ones are not kept, which costs less), else by the running ones. */
function normalize(x: jax.Array, { params, weight, training }: Given): jax.Array {
  const shape = x.shape.length === 4 ? [-1, 1, 1] : [-1]
  const axes = x.shape.length === 4 ? [0, 2, 3] : [0]
  const kept = (suffix: string) => weight(suffix).reshape(shape)
  const centred = training ? x.ref.sub(np.mean(x, axes, { keepdims: true })) : x.sub(kept('mean'))
  const variance = training ? np.mean(np.square(centred.ref), axes, { keepdims: true }) : kept('variance')
  return centred
    .div(np.sqrt(variance.add(params.epsilon)))
    .mul(kept('gamma'))
    .add(kept('beta'))
}

/** The logits of images; every array but the last hold on it is kept alive by a reference. */
function forward(
  nodes: readonly Layer[],
  weights: jax.Tree,
  images: jax.Array,
  training: boolean,
): jax.Array {
  const readers = nodes.map((_, index) => nodes.filter(({ inputs }) => inputs.includes(index)).length)
  const results = [images]
  const take = (index: number): jax.Array => {
    readers[index]!--
    return readers[index]! > 0 ? results[index]!.ref : results[index]!
  }
  for (const { name, op, params, inputs } of nodes.slice(1)) {
    const apply = layers[op]
    if (!apply) throw new Error(`there is no layer ${op}`)
    results.push(
      apply(inputs.map(take), { params, training, weight: (suffix) => weights[`${name}.${suffix}`]! }),
    )
  }
  return results.at(-1)!
}

async function loadWeights({ folder, model }: Assignment): Promise<jax.Tree> {
  const tensors = await readWeights(folder, model)
  return Object.fromEntries(
    Array.from(tensors, ([name, { shape, data }]) => [name, np.array(data as Float32Array).reshape(shape)]),
  )
}

const mapTree = (tree: jax.Tree, change: (array: jax.Array, name: string) => jax.Array): jax.Tree =>
  Object.fromEntries(Object.entries(tree).map(([name, array]) => [name, change(array, name)]))

/** A step of Adam, compiled as one function: the loss, new weights and new moments. */
function compileStep(nodes: readonly Layer[], batch: number) {
  const lossOf = (weights: jax.Tree, images: jax.Array, targets: jax.Array) =>
    nn
      .logSoftmax(forward(nodes, weights, images, true))
      .mul(targets)
      .sum()
      .mul(-1 / batch)
  const { beta1, beta2, epsilon } = ADAM
  return jax.jit(
    (
      weights: jax.Tree,
      means: jax.Tree,
      squares: jax.Tree,
      images: jax.Array,
      targets: jax.Array,
      rate: jax.Array,
    ): [jax.Array, jax.Tree, jax.Tree, jax.Tree] => {
      const [loss, gradients] = jax.valueAndGrad(lossOf)(jax.tree.ref(weights), images, targets)
      const newMeans = mapTree(means, (mean, name) =>
        mean.mul(beta1).add(gradients[name]!.ref.mul(1 - beta1)),
      )
      const newSquares = mapTree(squares, (square, name) =>
        square.mul(beta2).add(np.square(gradients[name]!).mul(1 - beta2)),
      )
      const newWeights = mapTree(weights, (weight, name) => {
        const scale = np.sqrt(newSquares[name]!.ref).add(epsilon)
        return weight.sub(newMeans[name]!.ref.mul(rate.ref).div(scale))
      })
      rate.dispose()
      return [loss, newWeights, newMeans, newSquares]
    },
  )
}

async function training(assignment: Assignment): Promise<Work> {
  const { folder, model, batch, pixels } = assignment
  const set = readTrainingSet(folder, pixels)
  const step = compileStep(readLayers(folder, model), batch)
  const all = await loadWeights(assignment)
  let weights = Object.fromEntries(Object.entries(all).filter(([name]) => !STATISTICS.test(name)))
  let means = mapTree(weights, ({ shape }) => np.zeros(shape))
  let squares = mapTree(weights, ({ shape }) => np.zeros(shape))
  let steps = 0
  const work = async () => {
    steps++
    const { images, targets } = drawBatch(set, batch)
    const { rate, beta1, beta2 } = ADAM
    const corrected = np.array((rate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps))
    const [loss, ...state] = step(weights, means, squares, images, targets, corrected)
    ;[weights, means, squares] = state
    const [value = Number.NaN] = await loss.data()
    if (!Number.isFinite(value)) throw new Error('the loss is not finite')
    return batch
  }
  await work()
  return { work, mode: 'f32' }
}

/** Images drawn at random, with one row of ones and zeros each for their classes. */
function drawBatch({ images, labels, count }: ReturnType<typeof readTrainingSet>, batch: number) {
  const [rows, targets] = [new Float32Array(batch * 784), new Float32Array(batch * 10)]
  for (let i = 0; i < batch; i++) {
    const image = Math.floor(count * Math.random())
    rows.set(images.subarray(image * 784, (image + 1) * 784), i * 784)
    targets[10 * i + labels[image]!] = 1
  }
  return {
    images: np.array(rows).reshape([batch, 1, 28, 28]),
    targets: np.array(targets).reshape([batch, 10]),
  }
}

interface Work extends Pick<Prepared, 'mode' | 'logits'> {
  readonly work: () => Promise<number>
}

async function inference(assignment: Assignment): Promise<Work> {
  const { folder, model, pixels, task } = assignment
  const nodes = readLayers(folder, model)
  const weights = await loadWeights(assignment)
  const compiled = jax.jit((weights: jax.Tree, images: jax.Array) => forward(nodes, weights, images, false))
  const classify = (images: Float32Array, count: number) =>
    compiled(jax.tree.ref(weights), np.array(images).reshape([count, 1, 28, 28])).data()
  const first = readPixels(folder, 1, pixels)
  const logits = await classify(first, 1)
  const began = performance.now()
  await classify(first, 1)
  const fitting = Math.floor((1000 * UNIT_SECONDS) / (performance.now() - began))
  const count = task === 'one' ? 1 : Math.max(1, Math.min(250, fitting))
  const images = readPixels(folder, count, pixels)
  const work = async () => {
    await classify(images, count)
    return count
  }
  await work()
  return { work, mode: count > 1 ? `f32, batches of ${count}` : 'f32', logits: Array.from(logits) }
}

const packageFile = join(root, 'bench', 'peers', 'node_modules', '@jax-js', 'jax', 'package.json')
const { version }: { version: string } = JSON.parse(readFileSync(packageFile, 'utf8'))
const works: Partial<Record<Task, () => Promise<number>>> = {}

await serve({
  async prepare(assignment: Assignment): Promise<Prepared> {
    await jax.init('wasm')
    jax.defaultDevice('wasm')
    const { work, ...prepared } = await (assignment.task === 'training' ? training : inference)(assignment)
    works[assignment.task] = work
    return { version: `jax-js ${version} (Wasm, one thread: Node has no Web Workers)`, ...prepared }
  },
  run({ task, seconds }: { task: Task; seconds: number }): Promise<Turn> {
    const work = works[task]
    if (!work) throw new Error(`${task} has not been prepared`)
    return takeTurn(seconds, work)
  },
})
