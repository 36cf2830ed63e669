/** TensorFlow.js as a contestant, on its plain JavaScript or its WebAssembly backend: `jiti tfjs.ts tfjs-cpu|tfjs-wasm`. */
import * as tf from '@tensorflow/tfjs'
import {
  type Params,
  readLayers,
  readPixels,
  readTrainingSet,
  readWeights,
  type StoredTensor,
} from '../contestants/material.js'
import { serve, takeTurn } from '../contestants/protocol.js'
import type { Assignment, Prepared, Task, Turn } from '../lib/types.js'

const backend = process.argv[2] === 'tfjs-wasm' ? 'wasm' : 'cpu'
/** Larger batches than take so many seconds are not run: the rate would be the same. */
const UNIT_SECONDS = 0.4

type Weights = Record<string, tf.Variable>
type LayerFunction = (
  inputs: readonly tf.Tensor[],
  params: Params,
  weights: Weights,
  training: boolean,
) => tf.Tensor
type Forward = (images: tf.Tensor, training: boolean) => tf.Tensor
interface Work extends Pick<Prepared, 'mode' | 'logits'> {
  readonly work: () => number
}

/** The layers as functions of their inputs, with fused kernels as TF.js's own layers use them. */
const layers: Readonly<Record<string, LayerFunction>> = {
  conv2d: (inputs, { strides, padding, activation }, weights) =>
    tf.fused.conv2d({
      ...{ x: only(inputs), filter: weightOf(weights, 'weight'), bias: weightOf(weights, 'bias') },
      ...{ strides, pad: padding, activation: activation ?? 'linear' },
    }),
  dense: (inputs, { activation }, weights) =>
    tf.fused.matMul({
      ...{ a: only(inputs), b: weightOf(weights, 'weight'), bias: weightOf(weights, 'bias') },
      activation: activation ?? 'linear',
    }),
  batchNormalization: (inputs, params, weights, training) => {
    const x = only(inputs)
    const [mean, variance] = training ? batchStatistics(x, params, weights) : running(weights)
    const [beta, gamma] = [weightOf(weights, 'beta'), weightOf(weights, 'gamma')]
    const y = tf.batchNorm(x, mean, variance, beta, gamma, params.epsilon)
    return params.activation === 'relu' ? tf.relu(y) : y
  },
  relu: (inputs) => tf.relu(only(inputs)),
  maxPooling2d: (inputs, { window, strides, padding }) => tf.maxPool(only(inputs), window, strides, padding),
  globalAveragePooling2d: (inputs) => tf.mean(only(inputs), [1, 2]),
  dropout: (inputs, { rate }, _, training) => (training ? tf.dropout(only(inputs), rate) : only(inputs)),
  add: ([a, b], { activation }) => {
    const sum = tf.add(a!, b!)
    return activation === 'relu' ? tf.relu(sum) : sum
  },
  flatten: (inputs) => tf.reshape(only(inputs), [only(inputs).shape[0]!, -1]),
}

function only([input]: readonly tf.Tensor[]): tf.Tensor {
  if (!input) throw new Error('a layer has no input')
  return input
}

function weightOf(weights: Weights, suffix: string): tf.Variable {
  const weight = weights[suffix]
  if (!weight) throw new Error(`a layer has no ${suffix}`)
  return weight
}

const running = (weights: Weights) => [weightOf(weights, 'mean'), weightOf(weights, 'variance')] as const

/** The batch's own, towards which the running ones move. */
function batchStatistics(x: tf.Tensor, { momentum }: Params, weights: Weights): [tf.Tensor, tf.Tensor] {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1)
  const { mean, variance } = tf.moments(x, axes)
  const now = [mean, variance]
  running(weights).forEach((variable, i) => {
    variable.assign(tf.add(tf.mul(variable, momentum), tf.mul(now[i]!, 1 - momentum)))
  })
  return [mean, variance]
}

/** TF.js keeps kernels as HWIO and dense weights as [in, out]. */
function toTensor({ shape, data }: StoredTensor): tf.Tensor {
  const plain = tf.tensor(data as Float32Array, shape)
  if (shape.length === 4) return tf.transpose(plain, [2, 3, 1, 0])
  return shape.length === 2 ? tf.transpose(plain) : plain
}

async function loadModel({ folder, model }: Assignment): Promise<Forward> {
  const nodes = readLayers(folder, model)
  const weights: Record<string, Weights> = {}
  for (const [name, tensor] of await readWeights(folder, model)) {
    const [layer = '', suffix = ''] = name.split('.')
    const trainable = suffix !== 'mean' && suffix !== 'variance'
    const own = weights[layer] ?? {}
    weights[layer] = own
    own[suffix] = tf.variable(toTensor(tensor), trainable)
  }
  return (images, training) => {
    const results = [images]
    for (const { name, op, params, inputs } of nodes.slice(1)) {
      const sources = inputs.map((index) => results[index]!)
      const apply = layers[op]
      if (!apply) throw new Error(`there is no layer ${op}`)
      results.push(apply(sources, params, weights[name] ?? {}, training))
    }
    return results.at(-1)!
  }
}

function training({ folder, batch, pixels }: Assignment, forward: Forward): Work {
  const set = readTrainingSet(folder, pixels)
  const images = tf.tensor(set.images, [set.count, 28, 28, 1])
  const labels = tf.tensor(set.labels, [set.count], 'int32')
  const optimizer = tf.train.adam(1e-3)
  let order: Uint32Array = new Uint32Array(0)
  let next = 0
  const step = () => {
    if (next + batch > order.length) {
      order = tf.util.createShuffledIndices(set.count)
      next = 0
    }
    tf.tidy(() => {
      const indices = tf.tensor(Int32Array.from(order.subarray(next, next + batch)), [batch], 'int32')
      const [x, target] = [tf.gather(images, indices), tf.oneHot(tf.gather(labels, indices), 10)]
      const loss = () => tf.losses.softmaxCrossEntropy(target, forward(x, true))
      // The loss is read, as every training does that shows it: a backend could otherwise still be at work.
      optimizer.minimize(loss, true).dataSync()
    })
    next += batch
    return batch
  }
  step()
  return { work: step, mode: 'f32' }
}

function inference({ folder, pixels, task }: Assignment, forward: Forward): Work {
  const first = readPixels(folder, 1, pixels)
  const classify = (images: Float32Array, count: number) =>
    tf.tidy(() => forward(tf.tensor(images, [count, 28, 28, 1]), false).dataSync())
  const logits = classify(first, 1)
  const began = performance.now()
  classify(first, 1)
  const seconds = (performance.now() - began) / 1000
  const fitting = Math.floor(UNIT_SECONDS / seconds)
  const count = task === 'one' ? 1 : Math.max(1, Math.min(250, fitting))
  const images = readPixels(folder, count, pixels)
  const work = () => {
    classify(images, count)
    return count
  }
  return { work, mode: count > 1 ? `f32, batches of ${count}` : 'f32', logits: Array.from(logits) }
}

const works: Partial<Record<Task, () => number>> = {}
let forward: Forward | undefined

await serve({
  async prepare(request: Assignment): Promise<Prepared> {
    if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm')
    if (!(await tf.setBackend(backend))) throw new Error(`TF.js has no backend ${backend} here`)
    forward ??= await loadModel(request)
    const { work, ...prepared } = (request.task === 'training' ? training : inference)(request, forward)
    works[request.task] = work
    const kind = backend === 'wasm' ? ' (SIMD, one thread: it has no threads on Node)' : ''
    return { version: `TF.js ${tf.version.tfjs}${kind}`, ...prepared }
  },
  run({ task, seconds }: { task: Task; seconds: number }): Promise<Turn> {
    const work = works[task]
    if (!work) throw new Error(`${task} has not been prepared`)
    return takeTurn(seconds, work)
  },
})
