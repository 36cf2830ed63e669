/** What the kernels build on: four values at a time. */

/** a b + c by value, rounded once with relaxed SIMD where the processor can, else twice. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}
