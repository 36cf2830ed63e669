/**
 * Two figures by which maps are judged: whether they depend on what the model has learned (Adebayo et al. 2018, arXiv
 * 1810.03292), and whether the model needs the places that they point at.
 */
import type { Random } from '../../core/random.js'

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
