import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Neighbours } from './neighbours.js'

const WIDTH = 3
const coordinate = fc.integer({ min: -20, max: 20 })
const points = (minimum: number) =>
  fc
    .array(fc.tuple(coordinate, coordinate, coordinate), { minLength: minimum, maxLength: 60 })
    .map((rows) => Float32Array.from(rows.flat()))

/** All distances, ascending. */
function sorted(x: ArrayLike<number>, all: Float32Array, without: number): number[] {
  const distances: number[] = []
  for (let row = 0; row < all.length / WIDTH; row++) {
    if (row === without) continue
    const squares = [0, 1, 2].map((i) => ((x[i] as number) - (all[WIDTH * row + i] as number)) ** 2)
    distances.push(Math.sqrt(squares.reduce((a, b) => a + b)))
  }
  return distances.sort((a, b) => a - b)
}

it('finds the distances that looking at all points finds', () => {
  fc.assert(
    fc.property(points(5), points(1), fc.integer({ min: 1, max: 4 }), (all, others, k) => {
      const neighbours = new Neighbours(all, WIDTH)
      const x = others.subarray(0, WIDTH)
      expect(neighbours.distance(x, k)).toBeCloseTo(sorted(x, all, -1)[k - 1] as number, 5)
      const itself = all.subarray(WIDTH, 2 * WIDTH)
      expect(neighbours.distance(itself, k, 1)).toBeCloseTo(sorted(itself, all, 1)[k - 1] as number, 5)
    }),
    { seed: 1, numRuns: 200 },
  )
})

it('has none near a point that is no number', () => {
  const neighbours = new Neighbours(Float32Array.of(1, 2, 3), WIDTH)
  expect(neighbours.distance(Float32Array.of(Number.NaN, 2, 3), 1)).toBe(Number.POSITIVE_INFINITY)
})

it('has no k-th neighbour of fewer points', () => {
  const neighbours = new Neighbours(Float32Array.of(1, 2, 3), WIDTH)
  expect(neighbours.distance(Float32Array.of(1, 2, 3), 2)).toBe(Number.POSITIVE_INFINITY)
})
