/** Which classes are taken for which. */

export interface ConfusedPair {
  readonly trueClass: string
  readonly predictedClass: string
  /** Images, and what share of the true class they are. */
  readonly count: number
  readonly share: number
}

/**
 * The cells of a confusion matrix off its diagonal that are not zero, the largest first; equal ones in the order
 * of the classes.
 */
export function confusedPairs(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): readonly ConfusedPair[] {
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
