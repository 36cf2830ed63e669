/** What all contestants are given: the models with the same weights, and images. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LoadedTensor, readSafetensors, type StoredTensor } from '#atelier/checkpoint/safetensors.js'
import type { Pixels } from '../lib/types.js'

export type { StoredTensor }

/** What the layers are told, each op what it needs. */
export interface Params {
  readonly activation: 'relu' | null
  readonly strides: readonly [number, number]
  readonly padding: 'same' | 'valid'
  readonly window: readonly [number, number]
  readonly rate: number
  readonly epsilon: number
  readonly momentum: number
}

/** A layer, as the peers read it. */
export interface Layer {
  readonly name: string
  readonly op: string
  readonly params: Params
  /** Indices of earlier layers. */
  readonly inputs: readonly number[]
  readonly shape: readonly number[]
}

export const readLayers = (folder: string, model: string): readonly Layer[] =>
  JSON.parse(readFileSync(join(folder, `${model}.json`), 'utf8'))

/** By their names `<layer>.<suffix>`. */
export async function readWeights(folder: string, model: string): Promise<ReadonlyMap<string, LoadedTensor>> {
  return (await readSafetensors(join(folder, `${model}.safetensors`))).tensors
}

/** The first images of the test split, pixels 0 ... 255, one after another. */
export function readImages(folder: string, count: number): Uint8Array {
  const bytes = readFileSync(join(folder, 'test-images.u8'))
  return new Uint8Array(bytes.subarray(0, count * 784))
}

/** The same as the network sees them. */
export function readPixels(folder: string, count: number, { scale, shift }: Pixels): Float32Array {
  return Float32Array.from(readImages(folder, count), (pixel) => scale * pixel + shift)
}

export interface TrainingSet {
  /** As the network sees them. */
  readonly images: Float32Array
  readonly labels: Uint8Array
  readonly count: number
}

export function readTrainingSet(folder: string, { scale, shift }: Pixels): TrainingSet {
  const images = Float32Array.from(
    readFileSync(join(folder, 'train-images.u8')),
    (pixel) => scale * pixel + shift,
  )
  const labels = new Uint8Array(readFileSync(join(folder, 'train-labels.u8')))
  return { images, labels, count: labels.length }
}
