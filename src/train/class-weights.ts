/** How much each training image counts, by its class. */
import { mismatch, UsageError } from '../core/errors.js'
import type { Recipe } from '../recipes/recipe.js'

/**
 * The weight of each class; null where all count the same. `balanced` is count / (classes x images of the class), as
 * scikit-learn has it; a class without images, whose weight nothing asks for, gets 0.
 */
export function classWeightsOf(
  { classWeights }: Pick<Recipe, 'classWeights'>,
  labels: Uint8Array,
  indices: Uint32Array,
  classes: number,
): Float32Array | null {
  if (classWeights === null) return null
  if (classWeights !== 'balanced') return Float32Array.from(classWeights)
  const counts = new Uint32Array(classes)
  for (const index of indices)
    counts[labels[index] as number] = (counts[labels[index] as number] as number) + 1
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : indices.length / (classes * count)))
}

/** @throws UsageError unless there is a weight for each class. */
export function checkClassWeights({ classWeights }: Recipe, classes: readonly string[]): void {
  if (!Array.isArray(classWeights) || classWeights.length === classes.length) return
  const expected = `${classes.length} numbers, one for each class of the data`
  throw new UsageError(
    mismatch('classWeights', expected, String(classWeights.length), `In order: ${classes.join(', ')}`),
  )
}

/** The weights of images with these labels, one after another. */
export const weightsByLabel = (labels: Uint8Array, byClass: Float32Array): Float32Array =>
  Float32Array.from(labels, (label) => byClass[label] as number)
