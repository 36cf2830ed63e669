import { expect, it } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { FamiliarityScale } from './familiarity.js'

/** Logits of a sure model: about 8 for the image's class, about 0 for the two others. */
function sureLogits(count: number, seed: number): Float32Array {
  const random = new Random(keyOf(seed, 'logits'))
  return Float32Array.from({ length: 3 * count }, (_, i) => {
    const own = Math.floor(i / 3) % 3 === i % 3
    return (own ? 8 : 0) + random.between(-1, 1) + random.between(-1, 1)
  })
}

const scale = new FamiliarityScale(sureLogits(900, 1), 3)
const threshold = scale.threshold()

it('calls about 5 % of images like the held-out ones unfamiliar', () => {
  const others = sureLogits(3000, 2)
  const rows = Array.from({ length: 3000 }, (_, i) => others.subarray(3 * i, 3 * i + 3))
  const alarms = rows.filter((row) => scale.score(row) > threshold).length
  expect(alarms / rows.length).toBeGreaterThan(0.03)
  expect(alarms / rows.length).toBeLessThan(0.07)
})

it('sees logits that are too strong, too weak or of an unusual mixture', () => {
  for (const strange of [
    [20, 0, 0],
    [0, 0, 0],
    [6, 6, 0],
    [-8, 0, 0],
  ]) {
    expect(scale.score(Float32Array.from(strange))).toBeGreaterThan(threshold)
  }
})

it('sets the threshold by the share of false alarms', () => {
  expect(scale.threshold(0.5)).toBeLessThan(threshold)
  expect(scale.threshold(0.01)).toBeGreaterThan(threshold)
})

it('stays finite where all logits are equal', () => {
  const equal = new FamiliarityScale(new Float32Array(30), 3)
  expect(Number.isFinite(equal.threshold())).toBe(true)
  expect(equal.score(Float32Array.of(9, 0, 0))).toBeGreaterThan(equal.threshold())
})

it('needs more held-out images than neighbours', () => {
  expect([FamiliarityScale.canScale(5), FamiliarityScale.canScale(6)]).toEqual([false, true])
})
