import { expect, it } from 'vitest'
import { keyOf, Random } from '../../core/random.js'
import { layOut } from './layout.js'

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
  const [places, again] = [await layOut(request), await layOut(request)]
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

it('fails for too few points', async () => {
  await expect(layOut({ features: new Float32Array(4), size: 2 })).rejects.toThrow()
})
