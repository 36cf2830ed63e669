/**
 * The backward step of Batch Normalization. With x = (src - mean) / sqrt(variance + epsilon), g = diffDst (zero where the
 * ReLU was) and m rows: diffBeta = sum g, diffGamma = sum g x and
 * diffSrc = gamma / sqrt(variance + epsilon) (g - diffBeta / m - x diffGamma / m).
 */
import { beginOf } from './parts'
import { madd } from './simd'
import { lanesOf, storeSome } from './vectors'

/** Rows whose sums are added up before they are added to those of all. */
const BLOCK = 64

/**
 * Of each part's rows, the sums of g and of g (src - mean). Arguments: src, diffDst, mean, mask or 0, partial (those sums,
 * two rows of values in `stride` bytes a part), stride, rows, channels.
 */
export function normalizationSums(args: usize, part: i32, parts: i32): void {
  const stride = load<i32>(args, 20)
  const rows = load<i32>(args, 24)
  const channels = load<i32>(args, 28)
  const sums = load<usize>(args, 16) + part * stride
  const products = sums + (stride >> 1)
  memory.fill(sums, 0, stride)
  const end = beginOf(part + 1, parts, rows, 1)
  let c = 0
  for (; c + 16 <= channels; c += 16) {
    for (let row = beginOf(part, parts, rows, 1); row < end; row += BLOCK) {
      sumsOf16(args, row, min(end, row + BLOCK), c, sums + (c << 2), products + (c << 2))
    }
  }
  for (; c < channels; c++) sumsOf1(args, beginOf(part, parts, rows, 1), end, c, sums + (c << 2), products + (c << 2))
}

/** Of 16 channels at once: a cache line a row. */
function sumsOf16(args: usize, begin: i32, end: i32, c: i32, sums: usize, products: usize): void {
  const channels = load<i32>(args, 28)
  const mean = load<usize>(args, 8) + (c << 2)
  const masked = load<usize>(args, 12) != 0
  const maskStride = (channels + 3) >> 2
  let mask = load<usize>(args, 12) + begin * maskStride + (c >> 2)
  let src = load<usize>(args) + ((begin * channels + c) << 2)
  let diffDst = load<usize>(args, 4) + ((begin * channels + c) << 2)
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0
  let product0 = sum0, product1 = sum0, product2 = sum0, product3 = sum0
  for (let row = begin; row < end; row++) {
    // Of each four channels four bits; without a mask all are set.
    const bits = masked ? load<u32>(mask) : 0x0f0f0f0f
    const g0 = v128.and(v128.load(diffDst), lanesOf(bits))
    const g1 = v128.and(v128.load(diffDst, 16), lanesOf(bits >> 8))
    const g2 = v128.and(v128.load(diffDst, 32), lanesOf(bits >> 16))
    const g3 = v128.and(v128.load(diffDst, 48), lanesOf(bits >> 24))
    sum0 = f32x4.add(sum0, g0)
    sum1 = f32x4.add(sum1, g1)
    sum2 = f32x4.add(sum2, g2)
    sum3 = f32x4.add(sum3, g3)
    product0 = madd(g0, f32x4.sub(v128.load(src), v128.load(mean)), product0)
    product1 = madd(g1, f32x4.sub(v128.load(src, 16), v128.load(mean, 16)), product1)
    product2 = madd(g2, f32x4.sub(v128.load(src, 32), v128.load(mean, 32)), product2)
    product3 = madd(g3, f32x4.sub(v128.load(src, 48), v128.load(mean, 48)), product3)
    mask += maskStride
    src += channels << 2
    diffDst += channels << 2
  }
  addFour(sums, sum0, sum1, sum2, sum3)
  addFour(products, product0, product1, product2, product3)
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function addFour(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, f32x4.add(v128.load(to), a))
  v128.store(to, f32x4.add(v128.load(to, 16), b), 16)
  v128.store(to, f32x4.add(v128.load(to, 32), c), 32)
  v128.store(to, f32x4.add(v128.load(to, 48), d), 48)
}

function sumsOf1(args: usize, begin: i32, end: i32, c: i32, sums: usize, products: usize): void {
  const channels = load<i32>(args, 28)
  const mask = load<usize>(args, 12)
  const mean = load<f32>(load<usize>(args, 8) + (c << 2))
  let sum: f64 = 0
  let product: f64 = 0
  for (let row = begin; row < end; row++) {
    if (mask != 0 && !((load<u8>(mask + row * ((channels + 3) >> 2) + (c >> 2)) >> <u8>(c & 3)) & 1)) continue
    const at = (row * channels + c) << 2
    const g = <f64>load<f32>(load<usize>(args, 4) + at)
    sum += g
    product += g * <f64>(load<f32>(load<usize>(args) + at) - mean)
  }
  store<f32>(sums, <f32>sum)
  store<f32>(products, <f32>product)
}

/**
 * Arguments: src, diffDst, mean, mask or 0, partial, stride, rows, channels, then gamma, variance, diffSrc, diffGamma,
 * diffBeta, epsilon, own (three rows of values in `ownStride` bytes a part), ownStride.
 */
export function normalizationBackward(args: usize, part: i32, parts: i32): void {
  const rows = load<i32>(args, 24)
  const channels = load<i32>(args, 28)
  const ownStride = load<i32>(args, 60)
  const scale = load<usize>(args, 56) + part * ownStride
  const slope = scale + ownStride / 3
  const shift = slope + ownStride / 3
  for (let c = 0; c < channels; c++) coefficients(args, part, parts, c, scale, slope, shift)
  differentiateRows(args, scale, slope, shift, beginOf(part, parts, rows, 1), beginOf(part + 1, parts, rows, 1))
}

/** diffSrc = scale g + slope (src - mean) + shift, by channel; the first part writes diffGamma and diffBeta. */
function coefficients(
  args: usize, part: i32, parts: i32, c: i32, scale: usize, slope: usize, shift: usize,
): void {
  const at = c << 2
  const stride = load<i32>(args, 20)
  const rows = <f32>load<i32>(args, 24)
  let sum: f32 = 0
  let product: f32 = 0
  for (let other = 0; other < parts; other++) {
    const partial = load<usize>(args, 16) + other * stride + at
    sum += load<f32>(partial)
    product += load<f32>(partial + (stride >> 1))
  }
  const inverse = <f32>1 / sqrt<f32>(load<f32>(load<usize>(args, 36) + at) + load<f32>(args, 52))
  const diffGamma = product * inverse
  const factor = load<f32>(load<usize>(args, 32) + at) * inverse
  store<f32>(scale + at, factor)
  store<f32>(slope + at, (-factor * diffGamma * inverse) / rows)
  store<f32>(shift + at, (-factor * sum) / rows)
  if (part != 0) return
  store<f32>(load<usize>(args, 44) + at, diffGamma)
  store<f32>(load<usize>(args, 48) + at, sum)
}

function differentiateRows(args: usize, scale: usize, slope: usize, shift: usize, begin: i32, end: i32): void {
  const channels = load<i32>(args, 28)
  const mean = load<usize>(args, 8)
  const masked = load<usize>(args, 12) != 0
  let mask = load<usize>(args, 12) + begin * ((channels + 3) >> 2)
  let src = load<usize>(args) + ((begin * channels) << 2)
  let diffDst = load<usize>(args, 4) + ((begin * channels) << 2)
  let diffSrc = load<usize>(args, 40) + ((begin * channels) << 2)
  for (let row = begin; row < end; row++) {
    for (let c = 0; c < channels; c += 4) {
      const at = c << 2
      let g = v128.load(diffDst + at)
      if (masked) g = v128.and(g, lanesOf(load<u8>(mask++)))
      const centred = f32x4.sub(v128.load(src + at), v128.load(mean + at))
      const own = madd(g, v128.load(scale + at), v128.load(shift + at))
      storeSome(diffSrc + at, madd(centred, v128.load(slope + at), own), channels - c)
    }
    src += channels << 2
    diffDst += channels << 2
    diffSrc += channels << 2
  }
}
