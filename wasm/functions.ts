/** Exponential and logarithm, the same bits in every runtime. */
import { madd } from './simd'

/**
 * e^x by value, for x up to 88, to within 2 units in the last place; 0 below -87. x = n log 2 + r with |r| <= log(2) / 2,
 * and e^r by its series up to r^7.
 */
export function exp(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-88))
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)))
  // log 2 in two parts, the first of few bits, so that n times it is exact.
  const r = madd(n, f32x4.splat(2.12194440e-4), madd(n, f32x4.splat(-0.693359375), bounded))
  let sum = f32x4.splat(1.0 / 5040)
  sum = madd(sum, r, f32x4.splat(1.0 / 720))
  sum = madd(sum, r, f32x4.splat(1.0 / 120))
  sum = madd(sum, r, f32x4.splat(1.0 / 24))
  sum = madd(sum, r, f32x4.splat(1.0 / 6))
  sum = madd(sum, r, f32x4.splat(0.5))
  sum = madd(sum, r, f32x4.splat(1))
  sum = madd(sum, r, f32x4.splat(1))
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.mul(sum, power)
}

/**
 * The natural logarithm of a positive normal number, to within 1e-13 of its size or of 1. x = 2^k m with m in
 * [sqrt(1/2), sqrt(2)), and log m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1), |s| < 0.172.
 */
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x)
  let k = <i32>(bits >> 52) - 1023
  let m = reinterpret<f64>((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000)
  if (m > 1.4142135623730951) {
    m *= 0.5
    k++
  }
  const s = (m - 1) / (m + 1)
  const square = s * s
  let sum: f64 = 1.0 / 17
  sum = sum * square + 1.0 / 15
  sum = sum * square + 1.0 / 13
  sum = sum * square + 1.0 / 11
  sum = sum * square + 1.0 / 9
  sum = sum * square + 1.0 / 7
  sum = sum * square + 1.0 / 5
  sum = sum * square + 1.0 / 3
  sum = sum * square + 1
  return <f64>k * 0.6931471805599453 + 2 * s * sum
}
