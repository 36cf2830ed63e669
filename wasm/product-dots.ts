/**
 * Products of few rows, dst = [relu](src weights^T + bias), as dot products: weights are read once, as they lie, since
 * packing them would cost as much as the product.
 */
import { beginOf } from './parts'
import { madd } from './simd'

/** Arguments of `dots`. */
@unmanaged
class Dots {
  /** [rows][k] */
  src: usize
  rows: i32
  k: i32
  /** [out][k] */
  weights: usize
  out: i32
  bias: usize
  /** [rows][out] */
  dst: usize
  relu: i32
}

/** Each thread computes some of the columns. */
export function dots(args: usize, part: i32, parts: i32): void {
  const p = changetype<Dots>(args)
  const length = (p.k << 2) as usize
  const bound: f32 = p.relu ? 0 : -f32.MAX_VALUE * 2
  const end = beginOf(part + 1, parts, p.out, 8)
  for (let o = beginOf(part, parts, p.out, 8); o < end; o += 8) {
    const weights = p.weights + (o as usize) * length
    const bias = p.bias + (o << 2)
    for (let row = 0; row < p.rows; row++) {
      const src = p.src + (row as usize) * length
      const dst = p.dst + ((row * p.out + o) << 2)
      if (o + 8 <= end) eight(src, weights, length, bias, dst, bound)
      else for (let i = 0; i < end - o; i++) one(src, weights + (i as usize) * length, length, bias + (i << 2), dst + (i << 2), bound)
    }
  }
}

/** Eight columns, whose weights lie `length` bytes apart. */
function eight(src: usize, w0: usize, length: usize, bias: usize, dst: usize, bound: f32): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0)
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0)
  let w1 = w0 + length, w2 = w1 + length, w3 = w2 + length, w4 = w3 + length
  let w5 = w4 + length, w6 = w5 + length, w7 = w6 + length
  const whole = src + (length & ~15)
  const weights = w0 + (length & ~15)
  while (src < whole) {
    const x = v128.load(src)
    c0 = madd(x, v128.load(w0), c0), c1 = madd(x, v128.load(w1), c1)
    c2 = madd(x, v128.load(w2), c2), c3 = madd(x, v128.load(w3), c3)
    c4 = madd(x, v128.load(w4), c4), c5 = madd(x, v128.load(w5), c5)
    c6 = madd(x, v128.load(w6), c6), c7 = madd(x, v128.load(w7), c7)
    w0 += 16, w1 += 16, w2 += 16, w3 += 16, w4 += 16, w5 += 16, w6 += 16, w7 += 16
    src += 16
  }
  finishFour(fourSums(c0, c1, c2, c3), src, weights, length, bias, dst, bound)
  finishFour(fourSums(c4, c5, c6, c7), src, weights + 4 * length, length, bias + 16, dst + 16, bound)
}

/** The sum of each of four vectors. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7))
  return f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3))
}

/** Adds to four sums what is left of their length, from `src` on, and the bias. */
function finishFour(
  sums: v128, src: usize, weights: usize, length: usize, bias: usize, dst: usize, bound: f32,
): void {
  const rest = length & 15
  for (let at: usize = 0; at < rest; at += 4) {
    const w = weights + at
    const values = f32x4(0, 0, 0, 0)
    const w01 = f32x4.replace_lane(f32x4.replace_lane(values, 0, load<f32>(w)), 1, load<f32>(w + length))
    const w23 = f32x4.replace_lane(w01, 2, load<f32>(w + 2 * length))
    sums = madd(v128.load32_splat(src + at), f32x4.replace_lane(w23, 3, load<f32>(w + 3 * length)), sums)
  }
  v128.store(dst, f32x4.pmax(f32x4.add(sums, v128.load(bias)), f32x4.splat(bound)))
}

/** One column. */
function one(src: usize, weights: usize, length: usize, bias: usize, dst: usize, bound: f32): void {
  let sums = f32x4.splat(0)
  const whole = src + (length & ~15)
  const end = src + length
  for (; src < whole; src += 16, weights += 16) sums = madd(v128.load(src), v128.load(weights), sums)
  let sum = f32x4.extract_lane(fourSums(sums, sums, sums, sums), 0) + load<f32>(bias)
  for (; src < end; src += 4, weights += 4) sum += load<f32>(src) * load<f32>(weights)
  store<f32>(dst, sum < bound ? bound : sum)
}
