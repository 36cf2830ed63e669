import { expect, test } from 'vitest'
import { batchFor } from './classifier.js'

test('images are given to the batches that are done with them first', () => {
  const batches = [1, 2, 3, 8, 9, 16, 17, 32].map(batchFor)
  expect(batches).toEqual([1, 1, 8, 8, 8, 8, 32, 32])
})
