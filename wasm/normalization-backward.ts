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
  for (; c + 8 <= channels; c += 8) {
    for (let row = beginOf(part, parts, rows, 1); row < end; row += BLOCK) {
      sumsOf8(args, row, min(end, row + BLOCK), c, sums + (c << 2), products + (c << 2))
    }
  }
  for (; c < channels; c++) sumsOf1(args, beginOf(part, parts, rows, 1), end, c, sums + (c << 2), products + (c << 2))
}

function sumsOf8(args: usize, begin: i32, end: i32, c: i32, sums: usize, products: usize): void {
  const channels = load<i32>(args, 28)
  const mean = load<usize>(args, 8) + (c << 2)
  const masked = load<usize>(args, 12) != 0
  const maskStride = (channels + 3) >> 2
  let mask = load<usize>(args, 12) + begin * maskStride + (c >> 2)
  let src = load<usize>(args) + ((begin * channels + c) << 2)
  let diffDst = load<usize>(args, 4) + ((begin * channels + c) << 2)
  const mean0 = v128.load(mean)
  const mean1 = v128.load(mean, 16)
  let sum0 = f32x4.splat(0), sum1 = sum0, product0 = sum0, product1 = sum0
  for (let row = begin; row < end; row++) {
    let g0 = v128.load(diffDst)
    let g1 = v128.load(diffDst, 16)
    if (masked) {
      g0 = v128.and(g0, lanesOf(load<u8>(mask)))
      g1 = v128.and(g1, lanesOf(load<u8>(mask, 1)))
      mask += maskStride
    }
    sum0 = f32x4.add(sum0, g0)
    sum1 = f32x4.add(sum1, g1)
    product0 = madd(g0, f32x4.sub(v128.load(src), mean0), product0)
    product1 = madd(g1, f32x4.sub(v128.load(src, 16), mean1), product1)
    src += channels << 2
    diffDst += channels << 2
  }
  v128.store(sums, f32x4.add(v128.load(sums), sum0))
  v128.store(sums, f32x4.add(v128.load(sums, 16), sum1), 16)
  v128.store(products, f32x4.add(v128.load(products), product0))
  v128.store(products, f32x4.add(v128.load(products, 16), product1), 16)
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
