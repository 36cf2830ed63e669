/** What the images of each class are like on average. */

export interface ClassStatistics {
  readonly count: number
  /** Mean and deviation of all pixels, in [0, 1]; 0 where there are no images. */
  readonly mean: number
  readonly deviation: number
  /** Share of the pixels that are not zero. */
  readonly ink: number
  /** Each pixel's mean over the images, rounded to 0 ... 255. */
  readonly meanImage: Uint8Array
}

/** Statistics by class; `size` is the number of pixels of an image. */
export function classStatistics(
  { images, labels }: { readonly images: Uint8Array; readonly labels: Uint8Array },
  size: number,
  classes: number,
): readonly ClassStatistics[] {
  const sums = Array.from({ length: classes }, () => new Float64Array(size))
  const counts = new Float64Array(classes)
  const squares = new Float64Array(classes)
  const inked = new Float64Array(classes)
  labels.forEach((label, image) => {
    const sum = sums[label] as Float64Array
    counts[label] = (counts[label] as number) + 1
    for (let i = 0; i < size; i++) {
      const pixel = images[image * size + i] as number
      sum[i] = (sum[i] as number) + pixel
      squares[label] = (squares[label] as number) + pixel * pixel
      if (pixel > 0) inked[label] = (inked[label] as number) + 1
    }
  })
  return sums.map((sum, label) => {
    const count = counts[label] as number
    const pixels = Math.max(count * size, 1)
    const mean = sum.reduce((a, b) => a + b, 0) / pixels
    const variance = (squares[label] as number) / pixels - mean * mean
    return {
      count,
      mean: mean / 255,
      deviation: Math.sqrt(Math.max(variance, 0)) / 255,
      ink: (inked[label] as number) / pixels,
      meanImage: Uint8Array.from(sum, (value) => Math.round(value / Math.max(count, 1))),
    }
  })
}
