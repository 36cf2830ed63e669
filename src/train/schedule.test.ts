import { describe, expect, it } from 'vitest'
import { Hyper } from '../graph/steps.js'
import { published } from '../recipes/published.js'
import { quick } from '../recipes/quick.js'
import type { Recipe } from '../recipes/recipe.js'
import { fillHyper, learningRateAt } from './schedule.js'

/** By the recipe's schedule over so many steps. */
const rowsOf = (recipe: Recipe, first: number, count: number, total: number) =>
  fillHyper((step) => learningRateAt(recipe, step, total), recipe, first, count)

const total = 1000
const rates = (schedule: Partial<(typeof quick.nn)['schedule']>): number[] => {
  const recipe = {
    ...quick.nn,
    schedule: { ...quick.nn.schedule, learningRate: 1, warmup: 0.2, final: 0.01, ...schedule },
  }
  return Array.from({ length: total }, (_, step) => learningRateAt(recipe, step, total))
}

describe('learning rates', () => {
  it('stay where they are when constant', () => {
    expect(new Set(rates({ kind: 'constant' }))).toEqual(new Set([1]))
  })

  it.each(['oneCycle', 'cosine'] as const)(
    'of %s rise for the warm-up, then fall to the final share',
    (kind) => {
      const values = rates({ kind })
      expect(Math.max(...values)).toBeCloseTo(1, 12)
      expect(values.indexOf(Math.max(...values))).toBeGreaterThanOrEqual(199)
      expect(values.indexOf(Math.max(...values))).toBeLessThanOrEqual(200)
      for (let i = 1; i < 200; i++) expect(values[i]).toBeGreaterThan(values[i - 1] as number)
      for (let i = 202; i < total; i++) expect(values[i]).toBeLessThan(values[i - 1] as number)
      expect(values.at(-1)).toBeCloseTo(0.01, 12)
    },
  )

  it('of cosine rise in a straight line', () => {
    expect(rates({ kind: 'cosine' })[99]).toBeCloseTo(0.5, 12)
  })
})

describe('a restart', () => {
  it('gives a training its whole course twice, and two of them thrice', () => {
    const whole = rates({ kind: 'cosine', restart: 0.25 })
    const alone = (length: number) =>
      Array.from({ length }, (_, step) => learningRateAt({ ...quick.nn, schedule: once }, step, length))
    const once = { ...quick.nn.schedule, kind: 'cosine', learningRate: 1, warmup: 0.2, final: 0.01 } as const
    expect(whole).toEqual([...alone(250), ...alone(750)])
    const thrice = rates({ kind: 'cosine', restart: [0.2, 0.7] })
    expect(thrice).toEqual([...alone(200), ...alone(500), ...alone(300)])
  })
})

describe('the values of a step', () => {
  it("hold Adam's bias corrections: the first rate is lr sqrt(1 - beta2) / (1 - beta1)", () => {
    const row = rowsOf(published.nn, 0, 1, total)
    expect(row[Hyper.rate]).toBeCloseTo((1e-3 * Math.sqrt(0.001)) / 0.1, 10)
    expect(row[Hyper.decay]).toBe(0)
  })

  it('do not depend on how the steps are cut into chunks', () => {
    const whole = rowsOf(quick.cnn, 0, 10, total)
    const parts = [...rowsOf(quick.cnn, 0, 3, total), ...rowsOf(quick.cnn, 3, 7, total)]
    expect(parts).toEqual([...whole])
  })

  it('let a moving average follow quickly at first and by its decay later', () => {
    const recipe = { ...quick.nn, average: 0.99 }
    expect(rowsOf(recipe, 0, 1, total)[Hyper.average]).toBeCloseTo(1 - 2 / 11, 6)
    expect(rowsOf(recipe, 5000, 1, 10_000)[Hyper.average]).toBeCloseTo(0.01, 6)
  })
})
