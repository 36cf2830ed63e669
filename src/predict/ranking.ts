/** Logits as calibrated probabilities of classes. Pure computation without Node: the browser runs the same. */
import { softmax } from '../core/logits.js'

export interface RankedClass {
  readonly class: string
  readonly label: number
  readonly probability: number
}

/**
 * The classes by falling probability, softmax(logits / temperature); among equal ones the lower label comes first.
 * A temperature of null counts as 1.
 */
export function rankClasses(
  logits: Float32Array,
  classes: readonly string[],
  temperature: number | null,
): RankedClass[] {
  const probabilities = softmax(logits, temperature)
  return classes
    .map((name, label) => ({ class: name, label, probability: probabilities[label] as number }))
    .sort((a, b) => b.probability - a.probability || a.label - b.label)
}
