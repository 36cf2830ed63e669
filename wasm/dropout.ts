/** Dropout by the counter-based bits of core/random.ts, which are documented in graph/steps.ts. */
import { beginOf } from './parts'

/** Arguments: src, dst, values, the address of the key, salt, threshold (0 ... 65535), scale. */
export function dropout(args: usize, part: i32, parts: i32): void {
  const src = load<usize>(args)
  const dst = load<usize>(args, 4)
  const values = load<i32>(args, 8)
  const key = load<usize>(args, 12)
  const salt = load<i32>(args, 16)
  const key0 = i32x4.splat(load<i32>(key) ^ salt)
  const key1 = i32x4.splat(load<i32>(key, 4) + salt)
  const threshold = i16x8.splat(<i16>load<i32>(args, 20))
  const scale = f32x4.splat(load<f32>(args, 24))
  const end = beginOf(part + 1, parts, values, 16)
  for (let i = beginOf(part, parts, values, 16); i < end; i += 8) {
    const counters = i32x4.add(i32x4.splat(i >> 1), i32x4(0, 1, 2, 3))
    const kept = i16x8.ge_u(mix(key0, key1, counters), threshold)
    keep(src + (i << 2), dst + (i << 2), i32x4.extend_low_i16x8_s(kept), scale)
    keep(src + (i << 2) + 16, dst + (i << 2) + 16, i32x4.extend_high_i16x8_s(kept), scale)
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function keep(src: usize, dst: usize, kept: v128, scale: v128): void {
  v128.store(dst, v128.and(kept, f32x4.mul(v128.load(src), scale)))
}

/** `mix` of four counters: 16 bits for each of eight values, in their order. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function mix(key0: v128, key1: v128, counters: v128): v128 {
  let x = v128.xor(counters, key0)
  x = i32x4.add(i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x21f0aaad)), key1)
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x735a2d97))
  return v128.xor(x, i32x4.shr_u(x, 15))
}
