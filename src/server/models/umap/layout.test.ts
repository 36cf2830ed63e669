import { expect, it } from 'vitest'
import { keyOf, Random } from '../../../core/random.js'
import { Layouts } from './layout.js'

/** Points around three corners, far from each other for how wide each group is. */
function threeGroups(count: number, size: number): Float32Array {
  const random = new Random(keyOf(3, 'groups'))
  return Float32Array.from({ length: count * size }, (_, i) => {
    const group = Math.floor(i / size) % 3
    return (i % size === group ? 10 : 0) + random.uniform()
  })
}

it('keeps groups together and apart from others, always in the same places', async () => {
  const request = { features: threeGroups(90, 8), size: 8 }
  const layouts = new Layouts()
  const [places, again] = await Promise.all([layouts.of(request), layouts.of(request)])
  expect(again).toEqual(places)
  const distance = (a: number, b: number) =>
    Math.hypot(
      (places[2 * a] as number) - (places[2 * b] as number),
      (places[2 * a + 1] as number) - (places[2 * b + 1] as number),
    )
  for (let point = 0; point < 90; point++) {
    const others = Array.from({ length: 90 }, (_, i) => i).filter((i) => i !== point)
    const [nearest = -1] = others.sort((a, b) => distance(point, a) - distance(point, b))
    expect(nearest % 3).toBe(point % 3)
  }
})

it('lets few wait, and goes on after one that failed', async () => {
  const layouts = new Layouts()
  const tooFew = { features: new Float32Array(4), size: 2 }
  const asked = Array.from({ length: 9 }, () => layouts.of(tooFew))
  await expect(asked.pop()).rejects.toThrow('at most 8 maps that wait')
  for (const one of asked) await expect(one).rejects.toThrow()
  expect(await layouts.of({ features: threeGroups(30, 8), size: 8 })).toHaveLength(60)
})
