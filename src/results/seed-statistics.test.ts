import { describe, expect, it } from 'vitest'
import { statisticsOf, studentQuantile } from './seed-statistics.js'

describe('studentQuantile', () => {
  // scipy.stats.t.ppf(0.975, degrees), which is itself some 4e-10 off.
  it.each([
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [3, 3.182446305284263],
    [4, 2.7764451051977987],
    [5, 2.5705818366147395],
    [9, 2.2621571627409915],
    [29, 2.045229642132703],
    [100, 1.9839715184496334],
  ])('of %i degrees of freedom is what SciPy says', (degrees, expected) => {
    expect(studentQuantile(degrees) / expected).toBeCloseTo(1, 8)
  })
})

describe('statisticsOf', () => {
  it('gives mean, sample deviation and interval as NumPy and SciPy do', () => {
    const { n, mean, deviation, interval } = statisticsOf([0.9053, 0.9041, 0.9062, 0.9049, 0.905])
    expect(n).toBe(5)
    expect(mean).toBeCloseTo(0.9051, 12)
    expect(deviation).toBeCloseTo(0.0007582875444051484, 12)
    expect(interval?.low).toBeCloseTo(0.9041584616558258, 10)
    expect(interval?.high).toBeCloseTo(0.9060415383441742, 10)
  })

  it('claims no spread of one figure', () => {
    expect(statisticsOf([0.9])).toEqual({ n: 1, mean: 0.9, deviation: null, interval: null })
  })
})
