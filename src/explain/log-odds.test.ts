import { expect, test } from 'vitest'
import { logOdds, logOddsGradient } from './log-odds.js'

test('log-odds stay exact where the probability rounds to one', () => {
  expect(logOdds(Float32Array.of(100, 0, 0), 0)).toBeCloseTo(100 - Math.log(2), 10)
  expect(logOdds(Float32Array.of(0, 3, 0), 0)).toBeCloseTo(-Math.log(Math.exp(3) + 1), 10)
})

test('their gradient is one for the class and shares out minus one among its rivals', () => {
  const logits = Float32Array.of(0.5, -1, 2, 1)
  const gradient = logOddsGradient(logits, 3)
  expect(gradient[3]).toBe(1)
  expect(gradient.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6)
  for (const i of [0, 1, 2, 3]) {
    const at = (step: number): number =>
      logOdds(
        logits.map((logit, j) => logit + (i === j ? step : 0)),
        3,
      )
    expect(gradient[i]).toBeCloseTo((at(2 ** -8) - at(-(2 ** -8))) * 2 ** 7, 4)
  }
})
