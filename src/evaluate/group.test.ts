import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { readSafetensors } from '../checkpoint/safetensors.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { dense, flatten, input, sequential } from '../graph/layers.js'
import { ensembleLogits } from './ensemble.js'
import { evaluateRun } from './evaluate.js'
import { evaluateGroup } from './group.js'
import { evaluateLogits } from './metrics.js'
import { predict } from './predictions.js'

const engine = createReferenceEngine()

async function setUp() {
  const folder = await temporaryFolder()
  const { run: first, dataset } = await finishedRun(join(folder, 'first'), { holdOut: 0.25 })
  const { run: second } = await finishedRun(join(folder, 'second'), { holdOut: 0.25, seed: 2 })
  const graph = sequential('deep', input(4, 4, 1), flatten(), dense(6, { activation: 'relu' }), dense(3))
  const { run: deep } = await finishedRun(join(folder, 'deep'), { holdOut: 0.25, graph })
  const request = { dataset, engine, split: 'test', precision: 'f32', averageWeights: false } as const
  return { folder, first, second, deep, dataset, request }
}

describe('evaluateGroup', () => {
  it('scores each run as by itself, and the mean of their probabilities', async () => {
    const { first, second, deep, dataset, request } = await setUp()
    const group = await evaluateGroup([first, second, deep], request)
    const { runs, ensemble } = group
    expect(group).not.toHaveProperty('averagedWeights')
    expect(ensemble).not.toHaveProperty('tta')
    expect(runs.map(({ model, seed }) => [model, seed])).toEqual([
      ['linear', 1],
      ['linear', 2],
      ['deep', 1],
    ])
    const alone = await evaluateRun({ ...request, run: second, temperature: null })
    expect(runs[1]).toMatchObject(alone)
    const each = await Promise.all([first, second, deep].map((run) => predict(run, 'test', request)))
    const logits = ensembleLogits(
      each.map((one) => one.logits),
      3,
    )
    expect(ensemble).toEqual({
      networks: 3,
      averaged: 'probabilities',
      ...evaluateLogits(logits, dataset.test.labels, dataset.classes),
    })
  })

  it('scores all with test-time augmentation too, and keeps none of it', async () => {
    const { first, second, dataset, request } = await setUp()
    const plain = await evaluateGroup([first, second], { ...request, averageWeights: true })
    const file = join(first.directory, 'predictions-test.safetensors')
    const kept = await readSafetensors(file)
    const { runs, ensemble, averagedWeights } = await evaluateGroup([first, second], {
      ...request,
      averageWeights: true,
      tta: true,
    })
    expect(await readSafetensors(file)).toEqual(kept)
    const others = (await readdir(first.directory)).filter((name) => name.startsWith('predictions'))
    expect(others).toEqual(['predictions-test.safetensors'])
    for (const [with_, without] of [
      [runs[0], plain.runs[0]],
      [ensemble, plain.ensemble],
      [averagedWeights, plain.averagedWeights],
    ]) {
      expect(with_).toEqual({
        ...without,
        tta: expect.objectContaining({ views: 6, averaged: 'logits', n: 30 }),
      })
      expect(with_?.tta?.loss).not.toBe(with_?.loss)
    }
    // Of linear models the mean weights give the mean logits, over the views too.
    const each = await Promise.all(
      [first, second].map((run) => predict(run, 'test', { ...request, tta: true })),
    )
    const [a, b] = each.map(({ overViews }) => overViews as Float32Array) as [Float32Array, Float32Array]
    const { labels } = dataset.test
    const mean = evaluateLogits(
      a.map((logit, i) => (logit + (b[i] as number)) / 2),
      labels,
      dataset.classes,
    )
    expect(averagedWeights?.tta?.loss).toBeCloseTo(mean.loss, 5)
    const together = evaluateLogits(ensembleLogits([a, b], 3), labels, dataset.classes)
    expect(ensemble.tta).toMatchObject(together)
  })

  it('wants the same images of all', async () => {
    const { folder, first, second, request } = await setUp()
    const { run: other } = await finishedRun(join(folder, 'other'), { holdOut: 0.5 })
    const validation = { ...request, split: 'validation' } as const
    expect((await evaluateGroup([first, second], validation)).n).toBe(15)
    await expect(evaluateGroup([first, other], validation)).rejects.toThrow(
      /^--split validation: expected runs with the same such images: 15 of .*first\/run, received 30 of .*other\/run\. Score them with --split test$/,
    )
  })
})
