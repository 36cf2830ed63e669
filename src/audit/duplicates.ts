/** Images that are there more than once: the same bytes, or nearly the same picture. */
import { createHash } from 'node:crypto'
import { nearestPairs } from './nearest-pairs.js'
import { project } from './projection.js'

/** Where the two images of a pair lie. */
export const pairKinds = ['train-test', 'train', 'test'] as const
export type PairKind = (typeof pairKinds)[number]

/** An image by its split and its index there. */
export interface Place {
  readonly split: 'train' | 'test'
  readonly index: number
}

export interface Pair {
  readonly first: Place
  readonly second: Place
  /** Of the normalized images: 0 for the same picture, sqrt(2) for unrelated, 2 for negatives. */
  readonly distance: number
}

export interface Duplicates {
  /** Images with the same bytes, in groups of two and more. */
  readonly exact: readonly (readonly Place[])[]
  /** The nearest pairs of each kind, those of the same bytes left out. */
  readonly nearest: Readonly<Record<PairKind, readonly Pair[]>>
}

export interface ImageSplits {
  readonly height: number
  readonly width: number
  readonly train: { readonly images: Uint8Array; readonly count: number }
  readonly test: { readonly images: Uint8Array; readonly count: number }
}

/** Finds groups of equal images and, of each kind, the `most` nearest pairs, exactly. */
export function findDuplicates({ height, width, train, test }: ImageSplits, most: number): Duplicates {
  const images = new Uint8Array(train.images.length + test.images.length)
  images.set(train.images)
  images.set(test.images, train.images.length)
  const placeOf = (image: number): Place =>
    image < train.count ? { split: 'train', index: image } : { split: 'test', index: image - train.count }
  const groups = equalImages(images, height * width)
  // Of equal images one stands for all, else their pairs with every third would crowd the lists.
  const others = new Set(groups.flatMap(([, ...rest]) => rest))
  const isTest = Uint8Array.from({ length: train.count + test.count }, (_, image) =>
    Number(image >= train.count),
  )
  const lists = nearestPairs(project(images, height, width), isTest, others, most)
  const pairs = lists.map((list) =>
    list.map(({ a, b, distance }) => ({ first: placeOf(a), second: placeOf(b), distance })),
  )
  const [withinTrain = [], across = [], withinTest = []] = pairs
  return {
    exact: groups.map((group) => group.map(placeOf)),
    nearest: { 'train-test': across, train: withinTrain, test: withinTest },
  }
}

function equalImages(images: Uint8Array, size: number): number[][] {
  const groups = new Map<string, number[]>()
  for (let image = 0; image * size < images.length; image++) {
    const bytes = images.subarray(image * size, (image + 1) * size)
    const hash = createHash('sha256').update(bytes).digest('base64')
    const group = groups.get(hash)
    if (group) group.push(image)
    else groups.set(hash, [image])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}
