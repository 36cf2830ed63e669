import { expect, it } from 'vitest'
import { floatsToHalves, halvesToFloats } from '../checkpoint/half.js'
import { countCorrect } from '../core/logits.js'
import { keyOf, Random } from '../core/random.js'
import { correctBeforeRounding } from './logits.js'

it('knows the answer but where the largest logit is shared', () => {
  const rows = [
    [3, 1, 2], // right
    [1, 3, 2], // wrong
    [3, 3, 2], // right or wrong
    [1, 3, 3], // wrong, whichever of the two it was
  ]
  const logits = Float32Array.from(rows.flat())
  expect(correctBeforeRounding({ logits, labels: new Uint8Array(4), count: 4 })).toEqual({
    least: 1,
    most: 2,
  })
})

it('holds the count of unrounded logits', () => {
  const random = new Random(keyOf(1, 'logits'))
  const count = 2000
  // Two classes 1e-3 apart near 8, where halves are 2^-7 apart: most answers are lost by rounding.
  const logits = Float32Array.from({ length: 2 * count }, () => 8 + random.between(0, 1e-3))
  const labels = Uint8Array.from({ length: count }, () => random.integer(2))
  const rounded = halvesToFloats(floatsToHalves(logits))
  const { least, most } = correctBeforeRounding({ logits: rounded, labels, count })
  const correct = countCorrect(logits, labels)
  expect(least).toBeLessThanOrEqual(correct)
  expect(most).toBeGreaterThanOrEqual(correct)
  expect(most - least).toBeGreaterThan(count / 2)
})
