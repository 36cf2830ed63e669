/** From logits to probabilities. */

/** softmax(logits / temperature); a temperature of null counts as 1. */
export function probabilitiesOf(logits: Float32Array, temperature: number | null): Float32Array {
  const divisor = temperature ?? 1
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const powers = logits.map((logit) => Math.exp((logit - largest) / divisor))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
