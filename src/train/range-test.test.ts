import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { loadDataset } from '../data/dataset.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { dense, flatten, input, sequential } from '../graph/layers.js'
import { namedRecipe } from '../recipes/index.js'
import { assess, rangeTest } from './range-test.js'

/** Flat at 2.3, falling about 1e-3, lowest about 1e-2, then without bounds. */
function typicalLoss(rate: number): number {
  const falling = 2.3 - 2 / (1 + (1e-3 / rate) ** 2)
  return falling + (rate / 0.05) ** 3
}
const rateAt = (step: number): number => 1e-7 * 1e7 ** (step / 149)
const typical = Array.from({ length: 150 }, (_, step) => typicalLoss(rateAt(step)))

test('a typical curve suggests a rate where the loss falls, and ends where it explodes', () => {
  const { points, ended, suggestion } = assess(typical, rateAt)
  expect(ended).toBe('exploded')
  expect(points.length).toBeLessThan(150)
  expect(points.at(-1)?.learningRate).toBeGreaterThan(0.05)
  // The moving average lags by some steps, so the fall is seen a little late.
  expect(suggestion.steepest).toBeGreaterThan(8e-4)
  expect(suggestion.steepest).toBeLessThan(3e-3)
  const lowest = points.reduce((a, b) => (b.smoothed < a.smoothed ? b : a))
  expect(suggestion.minimumTenth).toBeCloseTo(lowest.learningRate / 10, 12)
  expect(suggestion.learningRate ** 2).toBeCloseTo(suggestion.steepest * suggestion.minimumTenth, 12)
})

test('a constant loss is its own moving average from the first step on, and suggests nothing', () => {
  expect(() => assess(new Array(30).fill(2.3), rateAt)).toThrow(/fell at no learning rate/)
  const { points } = assess([2.3, 2.3, 2.3, 2.2, 2.1, 2], rateAt)
  expect(points.slice(0, 3).map(({ smoothed }) => smoothed.toFixed(12))).toEqual(
    Array(3).fill('2.300000000000'),
  )
  // (1 - 0.9) (2.2 + 0.9 2.3 + 0.81 2.3 + 0.729 2.3) / (1 - 0.9^4)
  expect(points[3]?.smoothed).toBeCloseTo((0.1 * (2.2 + 2.3 * (0.9 + 0.81 + 0.729))) / (1 - 0.9 ** 4), 12)
})

test('a loss that is no number ends the test', () => {
  const { points, ended } = assess([...typical.slice(0, 110), Number.NaN, 1, 1], rateAt)
  expect([points.length, ended]).toEqual([110, 'exploded'])
})

test('a model that can learn is seen learning, the same for a seed', async () => {
  const data = join(await temporaryFolder(), 'data')
  await writeDataset(data, { trainCount: 200, testCount: 20, height: 6, width: 6, classes: 3 })
  const dataset = await loadDataset({ data })
  const graph = sequential('linear', input(6, 6, 1), flatten(), dense(3))
  const recipe = {
    ...namedRecipe('quick', 'linear'),
    batch: 16,
    augmentation: null,
    precision: 'f32',
  } as const
  // Several epochs of 13 steps.
  const options = { graph, recipe, dataset, seed: 3, steps: 60, from: 1e-5, to: 1 }
  const found = await rangeTest({ ...options, engine: createReferenceEngine() })
  expect(found.points[0]?.learningRate).toBeCloseTo(1e-5, 12)
  expect(found.suggestion.learningRate).toBeGreaterThan(1e-4)
  expect(found.suggestion.learningRate).toBeLessThan(0.5)
  expect(await rangeTest({ ...options, engine: createReferenceEngine() })).toEqual(found)
})
