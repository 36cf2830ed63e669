import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import type { Engines } from './engines.js'
import { Explainers } from './explainers.js'
import { OneByOne } from './one-by-one.js'
import { Queue } from './queue.js'

/** Explanations whose first one waits for its engine until the test lets it. */
async function makeExplainers() {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const scoring = () => begun.then(() => createReferenceEngine())
  const queue = new Queue(2, 'explanations')
  const explainers = new Explainers({ scoring } as unknown as Engines, new OneByOne(queue))
  const listed = { id: 'run', model: run, version: '1' }
  const ask = (signal: AbortSignal) => explainers.explain(listed, new Uint8Array(16).fill(100), { signal })
  return { ask, begin, queue }
}

describe('explanations', () => {
  it('that run out of time are given up before their turn, and make room for others', async () => {
    const { ask, begin, queue } = await makeExplainers()
    const [patient, late] = [new AbortController(), new AbortController()]
    const [first, second] = [ask(patient.signal), ask(late.signal)]
    await expect(ask(patient.signal)).rejects.toThrow('at most 2 explanations')
    late.abort(new Error('the time is over'))
    await expect(second).rejects.toThrow('the time is over')
    expect(queue.length).toBe(1)
    const third = ask(patient.signal)
    begin()
    expect((await first).values.length).toBe(16)
    expect((await third).values.length).toBe(16)
    expect(queue.length).toBe(0)
  })

  it('that run out of time in their turn too', async () => {
    const { ask, begin } = await makeExplainers()
    const [late, patient] = [new AbortController(), new AbortController()]
    const [first, second] = [ask(late.signal), ask(patient.signal)]
    await new Promise((resolve) => setImmediate(resolve))
    late.abort(new Error('the time is over'))
    await expect(first).rejects.toThrow('the time is over')
    begin()
    expect((await second).values.length).toBe(16)
  })
})
