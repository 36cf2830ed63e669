/** What a model says of each image whose class is known, in calibrated probabilities. */
import { argmax, rowOf, softmax } from '../core/logits.js'
import type { LabelledLogits } from '../runs/formats/logits.js'

export interface ScoredImage {
  /** In the split. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Probabilities of the predicted class, and of the true one. */
  readonly confidence: number
  readonly labelProbability: number
}

/** Probabilities are softmax(logits / temperature), where the model has one. */
export function scoreImages(
  { logits, labels, count }: LabelledLogits,
  temperature: number | null,
): readonly ScoredImage[] {
  const classes = logits.length / count
  return Array.from(labels, (label, index) => {
    const row = rowOf(logits, index, classes)
    const predicted = argmax(row)
    const probabilities = softmax(row, temperature)
    const [confidence, labelProbability] = [predicted, label].map((k) => probabilities[k] as number)
    return { index, label, predicted, confidence, labelProbability } as ScoredImage
  })
}
