import { expect, it } from 'vitest'
import { OneByOne } from './one-by-one.js'
import { Queue } from './queue.js'

it('does one thing at a time, in their order, and goes on after one that failed', async () => {
  const all = new OneByOne(new Queue(3, 'things that wait'))
  const told: string[] = []
  const work = (name: string) => async () => {
    told.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    if (name === 'b') throw new Error('b fails')
    told.push(`${name} ends`)
    return name
  }
  const [a, b, c] = ['a', 'b', 'c'].map((name) => all.run(work(name)))
  await expect(all.run(work('d'))).rejects.toMatchObject({ statusCode: 503, retryAfter: 1 })
  expect(await a).toBe('a')
  await expect(b).rejects.toThrow('b fails')
  expect(await c).toBe('c')
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'c ends'])
  expect(await all.run(work('e'))).toBe('e')
})
