import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ALIGNMENT, Allocator, aligned } from './allocator.js'

it('gives aligned blocks that do not overlap, and one block again when all are free', () => {
  const step = fc.record({ bytes: fc.integer({ min: 0, max: 1000 }), frees: fc.nat() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let reserved = 0
      const allocator = new Allocator(4096, (end) => {
        reserved = end
      })
      const blocks = new Map<number, number>()
      for (const { bytes, frees } of steps) {
        const begin = allocator.allocate(bytes)
        const end = begin + Math.max(ALIGNMENT, aligned(bytes))
        expect(begin % ALIGNMENT).toBe(0)
        expect(end).toBeLessThanOrEqual(reserved)
        for (const [other, otherEnd] of blocks) expect(begin >= otherEnd || end <= other).toBe(true)
        blocks.set(begin, end)
        const freed = [...blocks.keys()][frees % 3]
        if (freed === undefined) continue
        allocator.release(freed)
        blocks.delete(freed)
      }
      const inUse = [...blocks].reduce((sum, [begin, end]) => sum + end - begin, 0)
      expect(allocator.size).toBe(inUse)
      for (const begin of blocks.keys()) allocator.release(begin)
      const most = reserved
      expect(allocator.allocate(Math.max(0, most - 4096))).toBe(4096)
      expect(reserved).toBe(Math.max(most, 4096 + ALIGNMENT))
    }),
    { seed: 1, numRuns: 200 },
  )
})

it('keeps what it has where there is no more', () => {
  const allocator = new Allocator(64, (end) => {
    if (end > 1024) throw new Error('no more')
  })
  const first = allocator.allocate(512)
  expect(() => allocator.allocate(4096)).toThrow('no more')
  allocator.release(first)
  expect(allocator.allocate(960)).toBe(64)
  expect(() => allocator.release(65)).toThrow('address 65 is not in use')
})
