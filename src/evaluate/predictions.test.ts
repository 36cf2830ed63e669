import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { finishedRun } from '../../test/support/run.js'
import { loadDataset } from '../data/dataset.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { writeWeights } from '../runs/weights.js'
import { initializeWeights } from '../train/initialize.js'
import { predict, predictionsOf } from './predictions.js'

const engine = createReferenceEngine()

async function setUp(holdOut = 0.25) {
  const folder = await temporaryFolder()
  const { run, dataset } = await finishedRun(folder, { holdOut })
  const compile = vi.spyOn(engine, 'compile')
  compile.mockClear()
  return { folder, run, dataset, compile, file: join(run.directory, 'predictions-test.safetensors') }
}

describe('predictionsOf', () => {
  it('computes logits once and keeps them', async () => {
    const { run, dataset, compile, file } = await setUp()
    const first = await predictionsOf(run, 'test', { dataset, engine })
    expect(first.logits.length).toBe(3 * 30)
    expect(first.labels).toEqual(dataset.test.labels)
    expect(await stat(file)).toBeDefined()
    const second = await predictionsOf(run, 'test', { dataset, engine })
    expect(second).toEqual(first)
    expect(compile).toHaveBeenCalledTimes(1)
    // Each split has a file of its own.
    const { count } = await predictionsOf(run, 'validation', { dataset, engine })
    expect([count, compile.mock.calls.length]).toEqual([15, 2])
  })

  it('computes them again for other weights, other data and a damaged file', async () => {
    const { folder, run, dataset, compile, file } = await setUp()
    const first = await predictionsOf(run, 'test', { dataset, engine })
    await writeWeights(run, 'model', initializeWeights(run.graph, 2))
    const retrained = await predictionsOf(run, 'test', { dataset, engine })
    expect(retrained.logits).not.toEqual(first.logits)
    const data = join(folder, 'others')
    await writeDataset(data, { trainCount: 60, testCount: 30, height: 4, width: 4, classes: 3, seed: 2 })
    const others = await loadDataset({ data })
    expect((await predictionsOf(run, 'test', { dataset: others, engine })).logits).not.toEqual(
      retrained.logits,
    )
    expect(await predictionsOf(run, 'test', { dataset, engine })).toEqual(retrained)
    await writeFile(file, (await readFile(file)).subarray(0, 40))
    expect(await predictionsOf(run, 'test', { dataset, engine })).toEqual(retrained)
    expect(compile).toHaveBeenCalledTimes(5)
  })

  it('is fed by a fresh scoring, and does without its file', async () => {
    const { run, dataset, compile, file } = await setUp(0)
    const fresh = await predict(run, 'test', { dataset, engine, precision: 'f32' })
    expect(fresh).not.toHaveProperty('overViews')
    expect(await predictionsOf(run, 'test', { dataset, engine })).toEqual(fresh)
    expect(compile).toHaveBeenCalledTimes(1)
    await rm(file)
    // Where a folder stands no file can be written.
    await mkdir(file)
    expect(await predictionsOf(run, 'test', { dataset, engine })).toEqual(fresh)
  })
})
