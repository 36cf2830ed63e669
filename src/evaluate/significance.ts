/** Whether two models differ, scored on the same images. */
import { keyOf, Random } from '../core/random.js'
import type { Interval } from '../runs/formats/metrics.js'

export interface McNemar {
  /** Probability of discordant counts at least as uneven, were both models equally good. */
  readonly p: number
  readonly method: 'exact' | 'mid-p'
}

/** From so many discordant images on, the mid-p test is taken. */
const SMALL = 25

/**
 * McNemar's test, two-sided, of the images that one of two models alone classifies rightly: b and c of them. Were
 * both equally good, min(b, c) would come of Binomial(b + c, 1/2). Below 25 such images the p-value is the exact
 *
 *   min(1, 2 P(X <= min(b, c)))
 *
 * from there on the mid-p, 2 P(X < min(b, c)) + P(X = min(b, c)), which keeps its level without the exact test's
 * conservatism (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013).
 */
export function mcnemar(b: number, c: number): McNemar {
  const n = b + c
  const least = Math.min(b, c)
  // P(X = 0) = 2^-n is below the smallest double from 1,075 images on: logarithms.
  let log = -n * Math.LN2
  let below = 0
  for (let k = 0; k < least; k++) {
    below += Math.exp(log)
    log += Math.log((n - k) / (k + 1))
  }
  const equal = Math.exp(log)
  if (n < SMALL) return { p: Math.min(1, 2 * (below + equal)), method: 'exact' }
  return { p: Math.min(1, 2 * below + equal), method: 'mid-p' }
}

const RESAMPLES = 2000

/**
 * The 95 % percentile interval of (b - c) / n, the difference of two accuracies on the same n images, by the
 * paired bootstrap (Efron and Tibshirani, 1993): images are drawn with replacement, both models' answers to an
 * image together. The same counts always give the same interval.
 */
export function bootstrapDifference(b: number, c: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 0 }
  const random = new Random(keyOf(0, 'bootstrap'))
  const differences = new Float64Array(RESAMPLES)
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let difference = 0
    for (let draw = 0; draw < n; draw++) {
      // Only how an image was answered counts, not which it is: let those with b come first, then those with c.
      const image = random.integer(n)
      if (image < b) difference++
      else if (image < b + c) difference--
    }
    differences[resample] = difference / n
  }
  differences.sort()
  return { low: quantile(differences, 0.025), high: quantile(differences, 0.975) }
}

/** Between the two sorted values about rank q (n - 1), linearly. */
function quantile(sorted: Float64Array, q: number): number {
  const rank = q * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] as number
  const high = sorted[Math.ceil(rank)] as number
  return low + (rank - Math.floor(rank)) * (high - low)
}
