import { rowOf } from '../core/logits.js'
/**
 * Nearest neighbours among some thousands of points of few coordinates. Pure computation without Node: the browser
 * runs the same.
 *
 * The points are sorted along one direction of space. Two points are at least as far apart as their places along it:
 * a search that goes from a point's place up and down ends where these alone are further than what was found.
 */
export class Neighbours {
  /** Points [n, width] in their order along the direction, their places, and their indices as they were given. */
  private readonly points: Float32Array
  private readonly places: Float64Array
  private readonly indices: Uint32Array

  /** Takes points [n, width]. */
  constructor(
    points: Float32Array,
    private readonly width: number,
  ) {
    const count = points.length / width
    const places = Float64Array.from({ length: count }, (_, index) => this.placeOf(points, index * width))
    this.indices = Uint32Array.from(places.keys()).sort(
      (a, b) => (places[a] as number) - (places[b] as number),
    )
    this.places = Float64Array.from(this.indices, (index) => places[index] as number)
    this.points = new Float32Array(points.length)
    this.indices.forEach((index, rank) => {
      this.points.set(rowOf(points, index, width), rank * width)
    })
  }

  /** The Euclidean distance from x to its k-th nearest point, leaving out the one at index `without`. */
  distance(x: Float32Array, k: number, without = -1): number {
    const { places, indices } = this
    const place = this.placeOf(x, 0)
    // Squares of the k smallest distances so far, ascending.
    const nearest = new Float64Array(k).fill(Number.POSITIVE_INFINITY)
    let up = firstFrom(places, place)
    let down = up - 1
    while (up < places.length || down >= 0) {
      const above = up < places.length ? (places[up] as number) - place : Number.POSITIVE_INFINITY
      const below = down >= 0 ? place - (places[down] as number) : Number.POSITIVE_INFINITY
      const gap = Math.min(above, below)
      // A place that is no number is near nothing.
      if (!(gap * gap <= (nearest[k - 1] as number))) break
      const rank = above <= below ? up++ : down--
      if (indices[rank] !== without) insert(nearest, this.squareTo(x, rank))
    }
    return Math.sqrt(nearest[k - 1] as number)
  }

  /** Along (1, 2, 3, ...), made of unit length: no two coordinates weigh the same. */
  private placeOf(points: Float32Array, start: number): number {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < this.width; i++) {
      sum += (i + 1) * (points[start + i] as number)
      squares += (i + 1) ** 2
    }
    return sum / Math.sqrt(squares)
  }

  private squareTo(x: Float32Array, rank: number): number {
    const { points, width } = this
    let sum = 0
    for (let i = 0, j = rank * width; i < width; i++, j++) {
      const difference = (x[i] as number) - (points[j] as number)
      sum += difference * difference
    }
    return sum
  }
}

/** Index of the first of ascending values that is not below `value`. */
function firstFrom(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Keeps ascending values the smallest that were seen. */
function insert(ascending: Float64Array, value: number): void {
  let place = ascending.length - 1
  if (value >= (ascending[place] as number)) return
  for (; place > 0 && (ascending[place - 1] as number) > value; place--) {
    ascending[place] = ascending[place - 1] as number
  }
  ascending[place] = value
}
