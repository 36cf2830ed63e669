import { expect, it } from 'vitest'
import { mapInOrder } from './in-order.js'

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

it('gives results in the order of the items, so many at work at once', async () => {
  let [working, most] = [0, 0]
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++working)
    await later(item % 3)
    working--
    return 10 * item
  }
  const items = Array.from({ length: 20 }, (_, i) => i)
  const results: number[] = []
  for await (const result of mapInOrder(items, work, { workers: 4, ahead: 7 })) results.push(result)
  expect(results).toEqual(items.map((item) => 10 * item))
  expect(most).toBe(4)
})

it('begins no more than is allowed ahead of what was taken', async () => {
  let begun = 0
  const work = async (): Promise<void> => {
    begun++
  }
  const results = mapInOrder(Array(50).fill(0), work, { workers: 50, ahead: 5 })
  await results.next()
  await later(5)
  expect(begun).toBe(5)
})

it('throws an error in its turn', async () => {
  const work = async (item: number): Promise<number> => {
    if (item === 2) throw new Error('two')
    return item
  }
  const results: number[] = []
  const all = async (): Promise<void> => {
    for await (const result of mapInOrder([0, 1, 2, 3], work, { workers: 4, ahead: 4 })) results.push(result)
  }
  await expect(all()).rejects.toThrow('two')
  expect(results).toEqual([0, 1])
})
