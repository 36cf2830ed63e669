import { expect, test } from 'vitest'
import { enlarge } from './enlarge.js'

test('interpolates between the centres of pixels and holds the edges', () => {
  const enlarged = enlarge(Float32Array.of(0, 4), { height: 1, width: 2 }, { height: 2, width: 4 })
  expect(enlarged).toEqual(Float32Array.of(0, 1, 3, 4, 0, 1, 3, 4))
})

test('goes both ways at once', () => {
  const square = Float32Array.of(0, 4, 8, 12)
  const enlarged = enlarge(square, { height: 2, width: 2 }, { height: 4, width: 4 })
  expect(Array.from(enlarged.subarray(4, 8))).toEqual([2, 3, 5, 6])
})

test('leaves a map of the same size as it is', () => {
  const map = Float32Array.from({ length: 12 }, (_, i) => i * i)
  const size = { height: 3, width: 4 }
  expect(enlarge(map, size, size)).toEqual(map)
})
