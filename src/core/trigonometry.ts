/**
 * Sine and cosine with the same bits in every runtime: those of `Math` differ between versions of V8. For what reaches
 * weights or images.
 *
 * x = k pi / 2 + r with |r| <= pi / 4 (Cody and Waite's reduction), then fdlibm's polynomials (Sun Microsystems, 1993).
 */

/** pi / 2 in two parts, the first of 33 bits, so that k times it is exact for |k| < 2^20. */
const HALF_PI = { high: 1.5707963267341256, low: 6.077100506506192e-11 }
const SINE = [
  ...[-1.6666666666666632e-1, 8.33333333332249e-3, -1.984126982985795e-4],
  ...[2.7557313707070068e-6, -2.5050760253406863e-8, 1.58969099521155e-10],
]
const COSINE = [
  ...[4.16666666666666e-2, -1.388888888887411e-3, 2.480158728947673e-5],
  ...[-2.7557314351390663e-7, 2.087572321298175e-9, -1.1359647557788195e-11],
]

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

/** sin(r + quarters pi / 2) */
function turned(r: number, quarters: number): number {
  const square = r * r
  const value =
    quarters % 2 === 0
      ? r + r * square * polynomial(SINE, square)
      : 1 - square / 2 + square * square * polynomial(COSINE, square)
  return (quarters & 2) === 0 ? value : -value
}

function turnedBy(x: number, quarters: number): number {
  const k = Math.round(x / (HALF_PI.high + HALF_PI.low))
  return turned(x - k * HALF_PI.high - k * HALF_PI.low, k + quarters)
}

/** Of radians, to within 3e-16 for |x| up to 1000. */
export const sin = (x: number): number => turnedBy(x, 0)
/** Of radians, to within 3e-16 for |x| up to 1000. */
export const cos = (x: number): number => turnedBy(x, 1)
