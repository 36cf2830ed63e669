/** Vectors that reach over the end of a row, and masks of one bit a value. */

/** Stores the first `count` of four values, all if there are more. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function storeSome(address: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, values)
    return
  }
  if (count & 2) v128.store64_lane(address, values, 0)
  if (count == 1) v128.store32_lane(address, values, 0)
  if (count == 3) v128.store32_lane(address, values, 2, 8)
}

/** All bits of the lanes whose bit is set. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function lanesOf(bits: i32): v128 {
  const own = i32x4(1, 2, 4, 8)
  return i32x4.eq(v128.and(i32x4.splat(bits), own), own)
}
