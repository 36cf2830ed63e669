import { describe, expect, it } from 'vitest'
import { holdOut } from './split.js'

describe('holdOut', () => {
  it('parts the indices into two ascending lists of the sizes asked for', () => {
    const { train, heldOut } = holdOut(1000, 200, 7)
    expect([train.length, heldOut.length]).toEqual([800, 200])
    for (const part of [train, heldOut]) expect([...part]).toEqual([...part].sort((a, b) => a - b))
    expect(new Set([...train, ...heldOut]).size).toBe(1000)
  })

  it('depends on the seed alone', () => {
    expect(holdOut(100, 20, 3)).toEqual(holdOut(100, 20, 3))
    expect(holdOut(100, 20, 3).heldOut).not.toEqual(holdOut(100, 20, 4).heldOut)
  })

  it('keeps its draw: a change here would change every run that is resumed', () => {
    expect([...holdOut(20, 5, 1).heldOut]).toMatchInlineSnapshot(`
      [
        4,
        8,
        10,
        16,
        17,
      ]
    `)
  })

  it('holds every index out equally often', () => {
    const times = new Array<number>(20).fill(0)
    for (let seed = 0; seed < 4000; seed++) {
      for (const index of holdOut(20, 5, seed).heldOut) times[index] = (times[index] as number) + 1
    }
    // Binomial: mean 1000, deviation 27.
    for (const count of times) expect(Math.abs(count - 1000)).toBeLessThan(5 * 27)
  })

  it('can hold nothing out, and must leave something', () => {
    expect(holdOut(5, 0, 1).train).toEqual(Uint32Array.of(0, 1, 2, 3, 4))
    expect(() => holdOut(5, 5, 1)).toThrow(/expected an integer of 0 to 4 .* received 5/)
    expect(() => holdOut(5, 1.5, 1)).toThrow(/received 1.5/)
    expect(() => holdOut(5, -1, 1)).toThrow(/received -1/)
  })
})
