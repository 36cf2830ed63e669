/** What the figures of several seeds say of the recipe that made them. */
import type { Interval } from '../runs/formats/metrics.js'

export interface SeedStatistics {
  readonly n: number
  readonly mean: number
  /** The sample standard deviation, sqrt(sum((x - mean)^2) / (n - 1)); null for one figure. */
  readonly deviation: number | null
  /** Student's 95 % interval of the mean, mean -+ t s / sqrt(n); null for one figure. */
  readonly interval: Interval | null
}

/** Statistics of at least one figure. */
export function statisticsOf(figures: readonly number[]): SeedStatistics {
  const n = figures.length
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / n
  if (n < 2) return { n, mean, deviation: null, interval: null }
  const squares = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / (n - 1))
  const half = (studentQuantile(n - 1) * deviation) / Math.sqrt(n)
  return { n, mean, deviation, interval: { low: mean - half, high: mean + half } }
}

/**
 * The t for which a variable of Student's distribution with that many degrees of freedom lies within -t ... t with
 * the probability `level`, found by bisection on its angle, arctan(t / sqrt(degrees)).
 */
export function studentQuantile(degrees: number, level = 0.95): number {
  let [low, high] = [0, Math.PI / 2]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (probabilityWithin(middle, degrees) < level) low = middle
    else high = middle
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2)
}

/**
 * P(|T| <= t) by the angle, Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4:
 * for even degrees sin(angle) (1 + 1/2 cos^2 + 1 3/(2 4) cos^4 + ...) and for odd ones
 * 2/pi (angle + sin(angle) (cos + 2/3 cos^3 + 2 4/(3 5) cos^5 + ...)), up to the power degrees - 2.
 */
function probabilityWithin(angle: number, degrees: number): number {
  const cosine = Math.cos(angle)
  const odd = degrees % 2
  let term = odd === 1 ? cosine : 1
  let sum = 0
  for (let power = odd; power <= degrees - 2; power += 2) {
    sum += term
    term *= ((power + 1) / (power + 2)) * cosine ** 2
  }
  const series = Math.sin(angle) * sum
  return odd === 1 ? (2 / Math.PI) * (angle + series) : series
}
