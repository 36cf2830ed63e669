import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { Random } from './random.js'
import { cos, sin } from './trigonometry.js'

it('are those of Math but for the last bit', () => {
  const random = new Random([1, 2])
  for (let i = 0; i < 20_000; i++) {
    const x = random.between(-1000, 1000) * (i % 2 === 0 ? 1 : 0.01)
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(3e-16)
    expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(3e-16)
  }
})

it('are exact where a schedule and an image that is not turned need it', () => {
  expect([sin(0), cos(0), cos(Math.PI), sin(Math.PI / 2), cos(2 * Math.PI)]).toEqual([0, 1, -1, 1, 1])
})

it('have the same bits everywhere', () => {
  const values = Float64Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? sin(i / 7) : cos(i / 7)))
  expect(createHash('sha256').update(values).digest('hex')).toMatchInlineSnapshot(
    `"e7c37a1590d3777c0d5389492168a078aeb90b6fdfc94abe2015bab7530ef5ee"`,
  )
})
