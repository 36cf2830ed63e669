import { describe, expect, it } from 'vitest'
import { Queue } from '../queue.js'
import { Batcher } from './batcher.js'

/** Images of one value; the logits of an image are that value and its negative. */
function makeBatcher({ most = 4, limit = 100 } = {}) {
  const batches: number[][] = []
  /** What the engine does before it answers; a test may put something else in its place. */
  const engine = { work: async () => {} }
  const queue = new Queue(limit, 'images')
  const batcher = new Batcher(
    async (images, count) => {
      batches.push(Array.from(images))
      expect(images.length).toBe(count)
      await engine.work()
      return Float32Array.from(Array.from(images).flatMap((value) => [value, -value]))
    },
    { size: 1, classes: 2, most, queue },
  )
  const ask = (values: number[], signal?: AbortSignal) =>
    batcher.logits(Float32Array.from(values), values.length, signal).then((logits) => Array.from(logits))
  return { ask, batches, engine, queue }
}

/** A promise that is settled from outside. */
function gate() {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('batches', () => {
  it('hold what is asked for in one turn, each gets its own, in order', async () => {
    const { ask, batches } = makeBatcher()
    expect(await Promise.all([ask([1]), ask([2, 3]), ask([4])])).toEqual([
      [1, -1],
      [2, -2, 3, -3],
      [4, -4],
    ])
    expect(batches).toEqual([[1, 2, 3, 4]])
  })

  it('are never larger than allowed: a larger request is cut, and put together again', async () => {
    const { ask, batches } = makeBatcher({ most: 3 })
    const [large, small] = await Promise.all([ask([1, 2, 3, 4, 5]), ask([6, 7])])
    expect(large).toEqual([1, -1, 2, -2, 3, -3, 4, -4, 5, -5])
    expect(small).toEqual([6, -6, 7, -7])
    expect(batches).toEqual([[1, 2, 3], [4, 5, 6], [7]])
  })

  it('fill while another is computed', async () => {
    const { ask, batches, engine } = makeBatcher()
    const { open, opened } = gate()
    engine.work = () => opened
    const first = ask([1])
    await new Promise((resolve) => setImmediate(resolve))
    const others = [ask([2]), ask([3])]
    expect(batches).toEqual([[1]])
    open()
    await Promise.all([first, ...others])
    expect(batches).toEqual([[1], [2, 3]])
  })

  it('that fail harm those in them and no one after', async () => {
    const { ask, batches, engine, queue } = makeBatcher({ most: 2 })
    engine.work = async () => {
      engine.work = async () => {}
      throw new Error('the engine failed')
    }
    const answers = await Promise.allSettled([ask([1]), ask([2, 3]), ask([4])])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(answers[0]).toMatchObject({ reason: { message: 'the engine failed' } })
    // The rest of a request that failed is not computed.
    expect(batches).toEqual([[1, 2], [4]])
    expect(queue.length).toBe(0)
    expect(await ask([5])).toEqual([5, -5])
  })
})

describe('the queue', () => {
  it('refuses what it has no room for, and nothing else', async () => {
    const { ask, queue } = makeBatcher({ limit: 3 })
    const accepted = [ask([1, 2]), ask([3])]
    expect(queue.length).toBe(3)
    // It throws at once, before anything is promised.
    expect(() => ask([4])).toThrow(/at most 3 images/)
    expect(await Promise.all(accepted)).toEqual([
      [1, -1, 2, -2],
      [3, -3],
    ])
    expect(queue.length).toBe(0)
    expect(await ask([4])).toEqual([4, -4])
  })

  it('is left by those who give up, before their turn and in it', async () => {
    const { ask, batches, engine, queue } = makeBatcher()
    const { open, opened } = gate()
    engine.work = () => opened
    const [inTurn, before] = [new AbortController(), new AbortController()]
    const first = ask([1], inTurn.signal)
    await new Promise((resolve) => setImmediate(resolve))
    const second = ask([2], before.signal)
    const third = ask([3])
    inTurn.abort(new Error('gone'))
    before.abort(new Error('gone too'))
    await expect(first).rejects.toThrow('gone')
    await expect(second).rejects.toThrow('gone too')
    expect(queue.length).toBe(1)
    open()
    expect(await third).toEqual([3, -3])
    expect(batches).toEqual([[1], [3]])
    expect(queue.length).toBe(0)
  })

  it('is not entered by those who are gone already', () => {
    const { ask, queue } = makeBatcher()
    expect(() => ask([1], AbortSignal.abort(new Error('gone')))).toThrow('gone')
    expect(queue.length).toBe(0)
  })
})
