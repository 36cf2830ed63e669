/** Logits as calibrated probabilities of classes. Pure: the browser does the same. */

export interface RankedClass {
  readonly class: string
  readonly label: number
  readonly probability: number
}

/**
 * The classes by falling probability, softmax(logits / temperature); among equal ones the lower label comes first.
 */
export function rankClasses(
  logits: Float32Array,
  classes: readonly string[],
  temperature: number,
): RankedClass[] {
  const highest = logits.reduce((a, b) => Math.max(a, b))
  const weights = Array.from(logits, (logit) => Math.exp((logit - highest) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ranked = classes.map((name, label) => ({
    class: name,
    label,
    probability: (weights[label] as number) / total,
  }))
  return ranked.sort((a, b) => b.probability - a.probability || a.label - b.label)
}
