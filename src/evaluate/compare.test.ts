import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { rightOnes } from '../core/logits.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import { compareRight, compareRuns } from './compare.js'
import { wilsonInterval } from './interval.js'

/** Logits of three classes that give each image its class. */
function predicting(labels: readonly number[], given: readonly number[]) {
  const logits = Float32Array.from({ length: 3 * labels.length }, (_, i) => {
    return given[Math.floor(i / 3)] === i % 3 ? 1 : 0
  })
  return { logits, labels: Uint8Array.from(labels), count: labels.length }
}

describe('compareRight', () => {
  it('finds the images that one alone has right', () => {
    const [yes, no] = [true, false]
    const pair = compareRight([yes, yes, no, no, yes, yes], [yes, no, yes, no, no, no])
    expect(pair.onlyFirstRight).toEqual([1, 4, 5])
    expect(pair.onlySecondRight).toEqual([2])
    expect(pair.difference).toBeCloseTo(2 / 6, 12)
    // Four coins: 2 (1 + 4) / 16.
    expect(pair.mcnemar).toEqual({ p: expect.closeTo(10 / 16, 12), method: 'exact' })
    expect(pair.interval.low).toBeLessThan(2 / 6)
    expect(pair.interval.high).toBeGreaterThan(2 / 6)
  })

  it('finds nothing between a model and itself', () => {
    const { logits, labels } = predicting([0, 1, 2, 0], [0, 1, 0, 0])
    const right = rightOnes(logits, labels)
    expect(right).toEqual([true, true, false, true])
    expect(compareRight(right, right)).toMatchObject({
      difference: 0,
      interval: { low: 0, high: 0 },
      mcnemar: { p: 1 },
      onlyFirstRight: [],
      onlySecondRight: [],
    })
  })
})

describe('compareRuns', () => {
  const labels = [0, 1, 2, 0, 1, 2]

  it('tells the figures of each run and the differences of each two', async () => {
    const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    const training = { epochs: 3, seconds: 90, loss: 1, accuracy: 0.6, validationAccuracy: 0.5 }
    const metrics = { training } as RunMetrics
    const { runs, pairs } = compareRuns([
      { run, metrics, predictions: predicting(labels, labels) },
      { run, metrics: null, predictions: predicting(labels, [0, 1, 2, 0, 1, 0]) },
      { run, metrics: null, predictions: predicting(labels, [1, 1, 2, 0, 1, 0]) },
    ])
    expect(runs[0]).toEqual({
      id: 'A',
      run: run.directory,
      model: 'linear',
      recipe: 'quick',
      seed: 1,
      parameters: 51,
      epochs: 3,
      seconds: 90,
      trainAccuracy: 0.6,
      validationAccuracy: 0.5,
      testAccuracy: 1,
      interval: wilsonInterval(6, 6),
      publishedTestAccuracy: null,
    })
    // What was not recorded is not known; the epochs are the recipe's.
    expect(runs[1]).toMatchObject({ seconds: null, trainAccuracy: null, epochs: run.record.recipe.epochs })
    expect(pairs.map(({ first, second, onlyFirstRight }) => [first, second, onlyFirstRight])).toEqual([
      ['A', 'B', [5]],
      ['A', 'C', [0, 5]],
      ['B', 'C', [0]],
    ])
  })

  it("has the study's figures for its models alone", async () => {
    const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    const predictions = predicting(labels, labels)
    const published = (source: string | null) => {
      const named = { ...run, record: { ...run.record, model: 'cnn', source } }
      return compareRuns([{ run: named, metrics: null, predictions }], ['cnn'])
    }
    expect(published(null).runs[0]?.publishedTestAccuracy).toBe(0.9472)
    expect(published('/models/cnn.ts').runs[0]?.publishedTestAccuracy).toBeNull()
    expect(published(null).published).toEqual([
      {
        model: 'cnn',
        parameters: 13_017_770,
        epochs: 500,
        trainAccuracy: 0.9776,
        validationAccuracy: 0.9449,
        testAccuracy: 0.9472,
      },
    ])
  })
})
