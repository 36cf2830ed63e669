import type { ConfusedPair } from '../runs/formats/metrics.js'
/** Which classes are taken for which. */

/**
 * The cells of a confusion matrix off its diagonal that are not zero, the largest first; equal ones in the order
 * of the classes.
 */
export function confusedPairs(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): ConfusedPair[] {
  const pairs = confusion.flatMap((row, label) => {
    const n = row.reduce((sum, count) => sum + count, 0)
    return row.flatMap((count, predicted) =>
      count === 0 || predicted === label
        ? []
        : [
            {
              trueClass: classes[label] as string,
              predictedClass: classes[predicted] as string,
              count,
              share: count / n,
            },
          ],
    )
  })
  return pairs.sort((a, b) => b.count - a.count)
}
