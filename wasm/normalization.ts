/**
 * Batch Normalization of a matrix [rows, channels], rows divided among the parts. A mask has a bit a value, four values a
 * byte, each row on bytes of its own. `partial` and `own` are scratch of `stride` bytes a part: two rows of values.
 */
import { combineParts, momentsOf } from './moments'
import { beginOf } from './parts'
import { madd } from './simd'
import { storeSome } from './vectors'

/** What each part's rows have for moments. Arguments: src, partial, stride, rows, channels. */
export function normalizationMoments(args: usize, part: i32, parts: i32): void {
  const stride = load<i32>(args, 8)
  const rows = load<i32>(args, 12)
  const channels = load<i32>(args, 16)
  const partial = load<usize>(args, 4) + part * stride
  const begin = beginOf(part, parts, rows, 1)
  const src = load<usize>(args) + ((begin * channels) << 2)
  momentsOf(src, beginOf(part + 1, parts, rows, 1) - begin, channels, partial, partial + (stride >> 1))
}

/**
 * Normalizes by the moments of all parts, which the first writes to mean and variance. Arguments: src, dst, gamma, beta,
 * mean, variance, mask or 0, epsilon, relu, rows, channels, own, stride, partial.
 */
export function normalization(args: usize, part: i32, parts: i32): void {
  const rows = load<i32>(args, 36)
  const channels = load<i32>(args, 40)
  const stride = load<i32>(args, 48)
  const own = load<usize>(args, 44) + part * stride
  const scale = own + (stride >> 1)
  combineParts(load<usize>(args, 52), stride, parts, rows, channels, own, scale)
  if (part == 0) {
    memory.copy(load<usize>(args, 16), own, channels << 2)
    memory.copy(load<usize>(args, 20), scale, channels << 2)
  }
  scales(load<usize>(args, 8), scale, scale, load<f32>(args, 28), channels)
  normalizeRows(args, own, scale, beginOf(part, parts, rows, 1), beginOf(part + 1, parts, rows, 1))
}

/** By the statistics that are given; the arguments are the same up to stride. */
export function normalizationInference(args: usize, part: i32, parts: i32): void {
  const rows = load<i32>(args, 36)
  const own = load<usize>(args, 44) + part * load<i32>(args, 48)
  scales(load<usize>(args, 8), load<usize>(args, 20), own, load<f32>(args, 28), load<i32>(args, 40))
  normalizeRows(args, load<usize>(args, 16), own, beginOf(part, parts, rows, 1), beginOf(part + 1, parts, rows, 1))
}

/** scale = gamma / sqrt(variance + epsilon), by channel. */
function scales(gamma: usize, variance: usize, scale: usize, epsilon: f32, channels: i32): void {
  for (let at = 0; at < channels << 2; at += 4) {
    store<f32>(scale + at, load<f32>(gamma + at) / sqrt<f32>(load<f32>(variance + at) + epsilon))
  }
}

/** dst = [relu](scale (src - mean) + beta) in some rows, and the mask of what is above 0. */
function normalizeRows(args: usize, mean: usize, scale: usize, begin: i32, end: i32): void {
  const beta = load<usize>(args, 12)
  const channels = load<i32>(args, 40)
  // Nothing is less than minus infinity.
  const least = f32x4.splat(load<i32>(args, 32) ? 0 : -<f32>Infinity)
  const masked = load<usize>(args, 24) != 0
  let mask = load<usize>(args, 24) + begin * ((channels + 3) >> 2)
  let src = load<usize>(args) + ((begin * channels) << 2)
  let dst = load<usize>(args, 4) + ((begin * channels) << 2)
  for (let row = begin; row < end; row++) {
    for (let c = 0; c < channels; c += 4) {
      const at = c << 2
      const centred = f32x4.sub(v128.load(src + at), v128.load(mean + at))
      const value = f32x4.pmax(madd(centred, v128.load(scale + at), v128.load(beta + at)), least)
      storeSome(dst + at, value, channels - c)
      if (masked) store<u8>(mask++, i32x4.bitmask(f32x4.gt(value, f32x4.splat(0))))
    }
    src += channels << 2
    dst += channels << 2
  }
}
