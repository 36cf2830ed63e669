/**
 * Kernels that treat each value by itself. Result and operand may be the same memory. The last four values may reach
 * over a tensor's end, behind which there is room.
 */
import { beginOf } from './parts'
import { madd } from './simd'

/** dst = max(src, 0). Arguments: src, dst, values. */
export function relu(args: usize, part: i32, parts: i32): void {
  const src = load<usize>(args)
  const dst = load<usize>(args, 4)
  const zero = f32x4.splat(0)
  const values = load<i32>(args, 8)
  const end = beginOf(part + 1, parts, values, 16) << 2
  for (let at = beginOf(part, parts, values, 16) << 2; at < end; at += 16) {
    v128.store(dst + at, f32x4.pmax(v128.load(src + at), zero))
  }
}

/** diffSrc = diffDst where dst > 0, else 0. Arguments: dst, diffDst, diffSrc, values. */
export function reluBackward(args: usize, part: i32, parts: i32): void {
  const dst = load<usize>(args)
  const diffDst = load<usize>(args, 4)
  const diffSrc = load<usize>(args, 8)
  const zero = f32x4.splat(0)
  const values = load<i32>(args, 12)
  const end = beginOf(part + 1, parts, values, 16) << 2
  for (let at = beginOf(part, parts, values, 16) << 2; at < end; at += 16) {
    const passes = f32x4.gt(v128.load(dst + at), zero)
    v128.store(diffSrc + at, v128.and(passes, v128.load(diffDst + at)))
  }
}

/** dst = [relu](a + b). Arguments: a, b, dst, values, relu. */
export function add(args: usize, part: i32, parts: i32): void {
  const a = load<usize>(args)
  const b = load<usize>(args, 4)
  const dst = load<usize>(args, 8)
  // Nothing is less than minus infinity.
  const least = f32x4.splat(load<i32>(args, 16) ? 0 : -<f32>Infinity)
  const values = load<i32>(args, 12)
  const end = beginOf(part + 1, parts, values, 16) << 2
  for (let at = beginOf(part, parts, values, 16) << 2; at < end; at += 16) {
    v128.store(dst + at, f32x4.pmax(f32x4.add(v128.load(a + at), v128.load(b + at)), least))
  }
}

/** dst = scale src + shift. Arguments: src, dst, values, scale, shift. */
export function rescale(args: usize, part: i32, parts: i32): void {
  const src = load<usize>(args)
  const dst = load<usize>(args, 4)
  const scale = f32x4.splat(load<f32>(args, 12))
  const shift = f32x4.splat(load<f32>(args, 16))
  const values = load<i32>(args, 8)
  const end = beginOf(part + 1, parts, values, 16) << 2
  for (let at = beginOf(part, parts, values, 16) << 2; at < end; at += 16) {
    v128.store(dst + at, madd(v128.load(src + at), scale, shift))
  }
}

/** The same of bytes. */
export function rescaleBytes(args: usize, part: i32, parts: i32): void {
  const src = load<usize>(args)
  const dst = load<usize>(args, 4)
  const scale = f32x4.splat(load<f32>(args, 12))
  const shift = f32x4.splat(load<f32>(args, 16))
  const values = load<i32>(args, 8)
  const end = beginOf(part + 1, parts, values, 16)
  for (let at = beginOf(part, parts, values, 16); at < end; at += 4) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(src + at)))
    v128.store(dst + (at << 2), madd(f32x4.convert_i32x4_u(words), scale, shift))
  }
}

/** dst += rate (src - dst). Arguments: src, dst, values, the address of the rate or 0, else the rate. */
export function blend(args: usize, part: i32, parts: i32): void {
  const src = load<usize>(args)
  const dst = load<usize>(args, 4)
  const given = load<usize>(args, 12)
  const rate = f32x4.splat(load<f32>(given != 0 ? given : args + 16))
  const values = load<i32>(args, 8)
  const end = beginOf(part + 1, parts, values, 16) << 2
  for (let at = beginOf(part, parts, values, 16) << 2; at < end; at += 16) {
    const old = v128.load(dst + at)
    v128.store(dst + at, madd(rate, f32x4.sub(v128.load(src + at), old), old))
  }
}

/** dst = src. Arguments: src, dst, bytes. */
export function copy(args: usize, part: i32, parts: i32): void {
  const bytes = load<i32>(args, 8)
  const begin = beginOf(part, parts, bytes, 64)
  memory.copy(load<usize>(args, 4) + begin, load<usize>(args) + begin, beginOf(part + 1, parts, bytes, 64) - begin)
}
