import { expect, test } from 'vitest'
import { quickestFor } from './classifier.js'

test('images are given to the batches that are done with them first', () => {
  const all = [
    { batch: 32, seconds: 20 },
    { batch: 8, seconds: 6 },
    { batch: 1, seconds: 2.5 },
  ]
  const batches = [1, 2, 3, 8, 9, 24, 25, 31].map((count) => quickestFor(count, all).batch)
  expect(batches).toEqual([1, 1, 8, 8, 8, 8, 32, 32])
})
