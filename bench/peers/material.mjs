// What all contestants are given: the models with the same weights, and images.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSafetensors } from '../../dist/checkpoint/safetensors.js'

/** [{ name, op, params, inputs, shape }]: one entry a layer. */
export const readGraph = (folder, model) => JSON.parse(readFileSync(join(folder, `${model}.json`), 'utf8'))

/** Weights by their names, each { shape, data }. */
export async function readWeights(folder, model) {
  return (await readSafetensors(join(folder, `${model}.safetensors`))).tensors
}

/** The first images of the test split, pixels 0 ... 255, one after another. */
export function readImages(folder, count) {
  const bytes = readFileSync(join(folder, 'test-images.u8'))
  return new Uint8Array(bytes.subarray(0, count * 784))
}

/** The same as the network sees them. */
export function readPixels(folder, count, { scale, shift }) {
  return Float32Array.from(readImages(folder, count), (pixel) => scale * pixel + shift)
}
