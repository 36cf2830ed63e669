// TensorFlow.js as a contestant, on its plain JavaScript or its WebAssembly backend: `node tfjs.mjs cpu|wasm`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { readGraph, readPixels, readWeights } from './material.mjs'
import { repeat, serve, warmUpOf } from './protocol.mjs'

const backend = process.argv[2]
/** Larger batches than take so many seconds are not run: the rate would be the same. */
const UNIT_SECONDS = 0.4

/** The layers as functions of their inputs, with fused kernels as TF.js's own layers use them. */
const layers = {
  conv2d: ([x], { strides, padding, activation }, { weight, bias }) =>
    tf.fused.conv2d({ x, filter: weight, strides, pad: padding, bias, activation: activation ?? 'linear' }),
  dense: ([a], { activation }, { weight, bias }) =>
    tf.fused.matMul({ a, b: weight, bias, activation: activation ?? 'linear' }),
  batchNormalization: ([x], params, weights, training) => {
    const { mean, variance } = training ? batchStatistics(x, params, weights) : weights
    const y = tf.batchNorm(x, mean, variance, weights.beta, weights.gamma, params.epsilon)
    return params.activation === 'relu' ? tf.relu(y) : y
  },
  relu: ([x]) => tf.relu(x),
  maxPooling2d: ([x], { window, strides, padding }) => tf.maxPool(x, window, strides, padding),
  globalAveragePooling2d: ([x]) => tf.mean(x, [1, 2]),
  dropout: ([x], { rate }, _, training) => (training ? tf.dropout(x, rate) : x),
  add: ([a, b], { activation }) => (activation === 'relu' ? tf.relu(tf.add(a, b)) : tf.add(a, b)),
  flatten: ([x]) => tf.reshape(x, [x.shape[0], -1]),
}

/** The batch's own, towards which the running ones move. */
function batchStatistics(x, { momentum }, weights) {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1)
  const { mean, variance } = tf.moments(x, axes)
  for (const [running, now] of [
    [weights.mean, mean],
    [weights.variance, variance],
  ]) {
    running.assign(tf.add(tf.mul(running, momentum), tf.mul(now, 1 - momentum)))
  }
  return { mean, variance }
}

/** TF.js keeps kernels as HWIO and dense weights as [in, out]. */
function toTensor({ shape, data }) {
  const plain = tf.tensor(data, shape)
  if (shape.length === 4) return tf.transpose(plain, [2, 3, 1, 0])
  return shape.length === 2 ? tf.transpose(plain) : plain
}

async function loadModel({ folder, model }) {
  const nodes = readGraph(folder, model)
  const weights = {}
  for (const [name, tensor] of await readWeights(folder, model)) {
    const [layer, suffix] = name.split('.')
    const trainable = suffix !== 'mean' && suffix !== 'variance'
    weights[layer] ??= {}
    weights[layer][suffix] = tf.variable(toTensor(tensor), trainable)
  }
  return (images, training) => {
    const results = [images]
    for (const { name, op, params, inputs } of nodes.slice(1)) {
      const sources = inputs.map((index) => results[index])
      results.push(layers[op](sources, params, weights[name], training))
    }
    return results.at(-1)
  }
}

async function training({ folder, batch, pixels }, forward) {
  const { scale, shift } = pixels
  const bytes = readFileSync(join(folder, 'train-images.u8'))
  const values = Float32Array.from(bytes, (pixel) => scale * pixel + shift)
  const images = tf.tensor(values, [60_000, 28, 28, 1])
  const labels = tf.tensor1d(new Uint8Array(readFileSync(join(folder, 'train-labels.u8'))), 'int32')
  const optimizer = tf.train.adam(1e-3)
  let order = new Uint32Array(0)
  let next = 0
  const step = () => {
    if (next + batch > order.length) {
      order = tf.util.createShuffledIndices(60_000)
      next = 0
    }
    tf.tidy(() => {
      const indices = tf.tensor1d(Int32Array.from(order.subarray(next, next + batch)), 'int32')
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

async function inference({ folder, pixels, task }, forward) {
  const first = readPixels(folder, 1, pixels)
  const classify = (images, count) =>
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

const works = {}
let forward

await serve({
  async prepare(request) {
    const { env } = tf
    if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm')
    if (!(await tf.setBackend(backend))) throw new Error(`TF.js has no backend ${backend} here`)
    forward ??= await loadModel(request)
    const prepared = await (request.task === 'training' ? training : inference)(request, forward)
    works[request.task] = prepared.work
    const kind =
      env().get('IS_NODE') && backend === 'wasm' ? ' (SIMD, one thread: it has no threads on Node)' : ''
    return { version: `TF.js ${tf.version.tfjs}${kind}`, mode: prepared.mode, logits: prepared.logits }
  },
  async run({ task, seconds }) {
    await repeat(warmUpOf(seconds), works[task])
    return repeat(seconds, works[task])
  },
})
