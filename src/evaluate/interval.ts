import type { Interval } from '../runs/formats/metrics.js'

/** How sure a share is, having been counted on so many images. */

/** The 97.5 % quantile of the standard normal distribution: two-sided, 95 %. */
const Z = 1.959963984540054

/**
 * Wilson's score interval of a proportion, 95 % (E. B. Wilson, JASA 22, 1927): with p = correct / n,
 *
 *   (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
 *
 * Unlike p -+ z sqrt(p (1 - p) / n) it stays within [0, 1] and keeps its level near 0 and 1. Of no images: [0, 1].
 */
export function wilsonInterval(correct: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const p = correct / n
  const centre = p + Z ** 2 / (2 * n)
  const half = Z * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))
  const scale = 1 + Z ** 2 / n
  // At 0 and at n the ends are exact, whatever the rounding.
  return {
    low: correct === 0 ? 0 : (centre - half) / scale,
    high: correct === n ? 1 : (centre + half) / scale,
  }
}
