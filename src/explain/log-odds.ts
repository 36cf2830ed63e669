/**
 * What maps explain: the log-odds of a class, log(p / (1 - p)) = logit - log(sum over the others of exp(logit)). Unlike
 * the logit they fall where a rival gains, and unlike the probability they do not saturate.
 */

/** Exact where the probability rounds to one, too. */
export function logOdds(logits: Float32Array, classIndex: number): number {
  const { largest, sum } = rivalsOf(logits, classIndex)
  return (logits[classIndex] as number) - largest - Math.log(sum)
}

/** The gradient by the logits: 1 for the class itself, for another minus its share of the rest of the probability. */
export function logOddsGradient(logits: Float32Array, classIndex: number): Float32Array {
  const { largest, sum } = rivalsOf(logits, classIndex)
  return logits.map((logit, i) => (i === classIndex ? 1 : -Math.exp(logit - largest) / sum))
}

/** The largest logit of the others, and the sum of their exponentials relative to it. */
function rivalsOf(logits: Float32Array, classIndex: number): { largest: number; sum: number } {
  const others = Array.from(logits).filter((_, i) => i !== classIndex)
  const largest = Math.max(...others)
  return { largest, sum: others.reduce((total, logit) => total + Math.exp(logit - largest), 0) }
}
