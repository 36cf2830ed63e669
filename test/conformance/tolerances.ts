/**
 * What agreement means. An error is the largest absolute difference of a tensor's values, divided by the
 * largest absolute value that is expected in it (or by `floor`, where that is smaller).
 */
export const tolerances = {
  /** Values and gradients computed in f32, against the reference in f64 on the same f32 operands. */
  f32: 1e-5,
  /** The same with bf16 activations and operands that bf16 holds exactly: results have 8 significant bits. */
  bf16: 1e-2,
  /** Gradient steps, and those of whole models by activations, in f64 against central differences forward. */
  differences: 1e-6,
  /** <conv(x), y> against <x, conv^T(y)> in f64. */
  adjoint: 1e-12,
  /** Logits of whole models, f32 on both sides, where `floor` is 1. */
  logits: 1e-4,
  /** The same in bf16, whose roundings add up over the layers. */
  bf16Logits: 5e-2,
  /** The same in f64, with the f32 weights that come of folding Batch Normalization into its neighbours. */
  folded: 1e-5,
  /** Gradients of whole models, all together: f32 may decide a ReLU or a maximum near a tie otherwise. */
  gradients: 1e-2,
} as const

/** Below this, magnitudes are noise. */
export const floor = 1e-3

export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  smallest: number = floor,
): number {
  let [difference, magnitude] = [0, smallest]
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number]
    magnitude = Math.max(magnitude, Math.abs(b))
    // A NaN on either side is a difference that no tolerance admits.
    difference = a === b ? difference : Math.max(difference, Number.isNaN(a - b) ? Infinity : Math.abs(a - b))
  }
  return difference / magnitude
}
