import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { Engines } from '../engines.js'
import { Metrics } from '../metrics.js'
import { Queue } from '../queue.js'
import type { Catalog, ListedModel } from './catalog.js'
import { ModelPool } from './pool.js'

const IMAGE = 16

/**
 * A pool of models that are all the same run, under any id; their versions are the test's, and so is, of slow ones, the
 * time at which they are loaded.
 */
async function makePool({ slow = false } = {}) {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const versions = new Map<string, string>()
  let finishLoading = (): void => undefined
  const mayLoad = slow ? new Promise<void>((resolve) => (finishLoading = resolve)) : Promise.resolve()
  const reads = vi.fn(() => mayLoad.then(() => run.readWeights()))
  const model: TrainedModel = { ...run, readWeights: reads }
  const findModel = async (id: string): Promise<ListedModel> => {
    if (id === 'none') throw new Error('no such model')
    return { id, model, version: versions.get(id) ?? '1' }
  }
  const metrics = new Metrics()
  const queue = new Queue(100, 'images')
  const engine = createReferenceEngine()
  const engines = { serving: async () => engine } as unknown as Engines
  const pool = new ModelPool({ findModel } as Catalog, engines, queue, metrics)
  const ask = (id: string, count = 1) =>
    pool.use(id, (served) => served.logits(new Float32Array(count * IMAGE).fill(100), count))
  return { pool, ask, reads, versions, metrics, queue, finishLoading }
}

describe('the pool', () => {
  it('loads a model once for all who ask at the same time, and counts their images', async () => {
    const { ask, reads, metrics, queue } = await makePool()
    const [one, two] = await Promise.all([ask('a'), ask('a', 2)])
    expect(reads).toHaveBeenCalledTimes(1)
    expect(Array.from(two ?? []).length).toBe(6)
    expect(Array.from(two ?? []).slice(3)).toEqual(Array.from(one ?? []))
    expect(metrics.render()).toContain('atelier_images_total{model="a"} 3')
    expect(queue.length).toBe(0)
  })

  it('loads it anew when its weights have changed, while those under way finish', async () => {
    const { pool, ask, reads, versions } = await makePool()
    const before = await pool.use('a', async (served) => {
      versions.set('a', '2')
      await ask('a')
      return served.logits(new Float32Array(IMAGE), 1)
    })
    expect(before.length).toBe(3)
    expect(reads).toHaveBeenCalledTimes(2)
    await ask('a')
    expect(reads).toHaveBeenCalledTimes(2)
  })

  it('keeps the six asked for last', async () => {
    const { ask, reads } = await makePool()
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'a']) await ask(id)
    expect(reads).toHaveBeenCalledTimes(6)
    // The seventh takes the place of b, not of a.
    await ask('g')
    await ask('a')
    expect(reads).toHaveBeenCalledTimes(7)
    await ask('b')
    expect(reads).toHaveBeenCalledTimes(8)
  })

  it('tries again what could not be loaded', async () => {
    const { ask, reads } = await makePool()
    reads.mockRejectedValueOnce(new Error('damaged'))
    await expect(ask('a')).rejects.toThrow('damaged')
    expect((await ask('a')).length).toBe(3)
    await expect(ask('none')).rejects.toThrow('no such model')
  })

  it('loads as many as are asked for at once, each of them once, and keeps six', async () => {
    const { pool, ask, reads } = await makePool()
    const ids = [...'abcdefghij']
    // Answered together, they leave in the order in which they asked: which six stay does not hang on the clock.
    let before: Promise<unknown> = Promise.resolve()
    const answers = [...ids, ...ids].map((id) => {
      const predecessor = before
      const answer = pool.use(id, async (served) => {
        const logits = await served.logits(new Float32Array(IMAGE), 1)
        await predecessor
        return logits
      })
      before = answer
      return answer
    })
    expect((await Promise.all(answers)).map(({ length }) => length)).toEqual(Array(20).fill(3))
    expect(reads).toHaveBeenCalledTimes(10)
    for (const id of 'efghij') await ask(id)
    expect(reads).toHaveBeenCalledTimes(10)
    await ask('a')
    expect(reads).toHaveBeenCalledTimes(11)
  })

  it('lets go who does not want to wait until a model is loaded', async () => {
    const { pool, ask, reads, finishLoading } = await makePool({ slow: true })
    const leave = new AbortController()
    const work = vi.fn(async () => undefined)
    const asked = pool.use('a', work, leave.signal)
    const other = ask('a')
    leave.abort(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    finishLoading()
    expect((await other).length).toBe(3)
    expect(work).not.toHaveBeenCalled()
    expect(reads).toHaveBeenCalledTimes(1)
  })
})
