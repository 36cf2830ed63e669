/**
 * Two figures by which maps are judged: whether they depend on what the model has learned (Adebayo et al. 2018, arXiv
 * 1810.03292), and whether the model needs the places that they point at.
 */

import { rowOf, softmax } from '../core/logits.js'
import { keyOf, Random } from '../core/random.js'
import type { Explainer } from './explainer.js'
import type { LogitsOf } from './occlusion.js'

/** A tenth of so many. */
const decile = (count: number): number => Math.round(count / 10)

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank; 0 where all are equal. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranksOf(a), ranksOf(b)]
  const middle = (x.length - 1) / 2
  let [product, squareX, squareY] = [0, 0, 0]
  x.forEach((rank, i) => {
    const [dx, dy] = [rank - middle, (y[i] as number) - middle]
    product += dx * dy
    squareX += dx * dx
    squareY += dy * dy
  })
  return squareX * squareY === 0 ? 0 : product / Math.sqrt(squareX * squareY)
}

/** The place of each value in ascending order, from 0. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (value, place) => ({ value, place })).sort((a, b) => a.value - b.value)
  const ranks = new Float64Array(order.length)
  for (let first = 0; first < order.length; ) {
    let last = first
    while (order[last + 1]?.value === order[first]?.value) last++
    for (let i = first; i <= last; i++) ranks[(order[i] as { place: number }).place] = (first + last) / 2
    first = last + 1
  }
  return ranks
}

/** The image [places] without the tenth of its places where the map is largest: black there. */
export function withoutTopDecile(image: Uint8Array, map: ArrayLike<number>): Uint8Array {
  const places = Array.from(image.keys()).sort((a, b) => (map[b] as number) - (map[a] as number))
  return blackened(image, places.slice(0, decile(image.length)))
}

/** The image without the tenth of its places that are not black where the map is largest. */
export function withoutTopDecileOfLit(image: Uint8Array, map: ArrayLike<number>): Uint8Array {
  const places = litPlaces(image).sort((a, b) => (map[b] as number) - (map[a] as number))
  return blackened(image, places.slice(0, decile(places.length)))
}

/** The image without a tenth of its places that are not black, drawn at random. */
export function withoutRandomDecile(image: Uint8Array, random: Random): Uint8Array {
  const places = random.shuffle(litPlaces(image))
  return blackened(image, places.slice(0, decile(places.length)))
}

/** The image without as many of its places that are not black as `withoutTopDecile` takes, drawn at random. */
export function withoutAsManyAtRandom(image: Uint8Array, random: Random): Uint8Array {
  return blackened(image, random.shuffle(litPlaces(image)).slice(0, decile(image.length)))
}

const litPlaces = (image: Uint8Array): number[] =>
  Array.from(image.keys()).filter((place) => (image[place] as number) > 0)

function blackened(image: Uint8Array, places: readonly number[]): Uint8Array {
  const copy = image.slice()
  for (const place of places) copy[place] = 0
  return copy
}

/** Random deciles drawn for each image. */
const DRAWS = 5

export interface FaithfulnessSubject {
  readonly explainer: Explainer
  /** The same method on the same architecture with weights that have learned nothing. */
  readonly untrained: Explainer
  /** Logits of the explained model. */
  readonly logitsOf: LogitsOf
  /** [count, places], one after another, of one channel. */
  readonly images: Uint8Array
  readonly count: number
  readonly seed: number
}

/** Means over the images, each of which is explained for the class that the model takes it for. */
export interface Faithfulness {
  /** |Spearman's rho| between the map and that of the untrained weights. */
  readonly similarity: number
  /** By how much the class's probability falls without the top tenth of the map, */
  readonly topDecile: number
  /** without the tenth of the lit (not black) places where the map is largest, */
  readonly topDecileOfLit: number
  /** without a random tenth of the lit places, */
  readonly randomDecile: number
  /** and without as many random lit places as the top tenth of the map has. */
  readonly asManyAtRandom: number
}

export async function measureFaithfulness(subject: FaithfulnessSubject): Promise<Faithfulness> {
  const { explainer, untrained, logitsOf, images, count, seed } = subject
  const size = images.length / count
  const rows: Faithfulness[] = []
  for (let i = 0; i < count; i++) {
    const image = rowOf(images, i, size)
    const { values, classIndex } = await explainer.explain(image)
    const other = await untrained.explain(image, classIndex)
    const random = new Random(keyOf(seed, 'faithfulness', i))
    const draws = (without: (image: Uint8Array, random: Random) => Uint8Array): Uint8Array[] =>
      Array.from({ length: DRAWS }, () => without(image, random))
    const variants = [
      withoutTopDecile(image, values),
      withoutTopDecileOfLit(image, values),
      ...draws(withoutRandomDecile),
      ...draws(withoutAsManyAtRandom),
    ]
    const [top, topOfLit, ...drawn] = await fallsOf(image, variants, classIndex, logitsOf)
    rows.push({
      similarity: Math.abs(spearman(values, other.values)),
      topDecile: top as number,
      topDecileOfLit: topOfLit as number,
      randomDecile: meanOf(drawn.slice(0, DRAWS)),
      asManyAtRandom: meanOf(drawn.slice(DRAWS)),
    })
  }
  const mean = (key: keyof Faithfulness): number => meanOf(rows.map((row) => row[key]))
  return {
    similarity: mean('similarity'),
    topDecile: mean('topDecile'),
    topDecileOfLit: mean('topDecileOfLit'),
    randomDecile: mean('randomDecile'),
    asManyAtRandom: mean('asManyAtRandom'),
  }
}

/** By how much a class's probability is lower for each variant than for the image. */
async function fallsOf(
  image: Uint8Array,
  variants: readonly Uint8Array[],
  classIndex: number,
  logitsOf: LogitsOf,
): Promise<readonly number[]> {
  const all = new Uint8Array((variants.length + 1) * image.length)
  for (const [i, one] of [image, ...variants].entries()) all.set(one, i * image.length)
  const logits = await logitsOf(all, variants.length + 1)
  const classes = logits.length / (variants.length + 1)
  const probability = (i: number): number => softmax(rowOf(logits, i, classes))[classIndex] as number
  return variants.map((_, i) => probability(0) - probability(i + 1))
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
