/**
 * Whether an image is like those that a model knows, judged by its logits alone. Pure computation without Node: the
 * browser runs the same.
 *
 * The score of logits z is log d(z, Z) + log d(p(z), p(Z)), where Z are the logits of held-out images, d(x, X) is the
 * distance of x to its 5th nearest neighbour in X, and p(z) = sqrt(softmax(z / t)), so that distances between p are
 * those of Hellinger. The first distance sees unusual strength, the second an unusual mixture of classes; t is a
 * fifth of the mean length of the centred logits Z, at which the classes that come second and third still count.
 * The first alone is that of Sun et al., Out-of-Distribution Detection with Deep Nearest Neighbors (2022).
 */

/** How an image compares with the held-out ones; larger scores are less familiar. */
export interface Familiarity {
  readonly score: number
  /** Scores above it are those of images like nothing the model knows. */
  readonly threshold: number
}

const NEIGHBOUR = 5
const SOFTNESS = 0.2
/** Share of the held-out images that may be called unfamiliar. */
export const FALSE_ALARMS = 0.05
/** Equal logits have a distance of 0, which has no logarithm. */
const LEAST_DISTANCE = 1e-6

export class FamiliarityScale {
  private readonly temperature: number
  /** Held-out logits and p of them, [n, classes]. */
  private readonly logits: Float32Array
  private readonly spread: Float32Array

  /** Takes logits [n, classes] of at least 6 held-out images; a model of `classes` classes. */
  constructor(
    heldOut: Float32Array,
    private readonly classes: number,
  ) {
    this.logits = heldOut
    this.temperature = SOFTNESS * meanLength(heldOut, classes) || 1
    this.spread = new Float32Array(heldOut.length)
    for (let start = 0; start < heldOut.length; start += classes) {
      this.spread.set(this.spreadOf(heldOut.subarray(start, start + classes)), start)
    }
  }

  /** Whether there are enough held-out images to compare with. */
  static canScale(images: number): boolean {
    return images > NEIGHBOUR
  }

  /** The score of an image's logits [classes]. */
  score(logits: Float32Array): number {
    return this.scoreOf(logits, this.spreadOf(logits), -1)
  }

  /** The score that is exceeded by a share of the held-out images, each compared with the others. */
  threshold(falseAlarms = FALSE_ALARMS): number {
    const { classes } = this
    const scores = Float64Array.from({ length: this.logits.length / classes }, (_, image) => {
      const [start, end] = [image * classes, (image + 1) * classes]
      return this.scoreOf(this.logits.subarray(start, end), this.spread.subarray(start, end), image)
    }).sort()
    return scores[Math.ceil((1 - falseAlarms) * scores.length) - 1] as number
  }

  private scoreOf(logits: Float32Array, spread: Float32Array, itself: number): number {
    const strength = neighbourDistance(logits, this.logits, itself)
    const mixture = neighbourDistance(spread, this.spread, itself)
    return Math.log(Math.max(strength, LEAST_DISTANCE)) + Math.log(Math.max(mixture, LEAST_DISTANCE))
  }

  /** p: of unit length, as the sum of the squares is that of the probabilities. */
  private spreadOf(logits: Float32Array): Float32Array {
    const largest = logits.reduce((a, b) => Math.max(a, b))
    const roots = logits.map((logit) => Math.exp((logit - largest) / (2 * this.temperature)))
    const length = Math.sqrt(roots.reduce((sum, root) => sum + root * root, 0))
    return roots.map((root) => root / length)
  }
}

/** Mean Euclidean length of rows from which their mean was taken. */
function meanLength(rows: Float32Array, width: number): number {
  let sum = 0
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width)
    const mean = row.reduce((a, b) => a + b, 0) / width
    sum += Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0))
  }
  return (sum * width) / rows.length
}

/** Distance from x to its neighbour of rank `NEIGHBOUR` among the rows but the one at index `without`. */
function neighbourDistance(x: Float32Array, rows: Float32Array, without: number): number {
  const width = x.length
  // Squared distances of the nearest so far, ascending.
  const nearest = new Float64Array(NEIGHBOUR).fill(Number.POSITIVE_INFINITY)
  for (let row = 0, start = 0; start < rows.length; row++, start += width) {
    if (row === without) continue
    let distance = 0
    for (let i = 0; i < width; i++) {
      const difference = (x[i] as number) - (rows[start + i] as number)
      distance += difference * difference
    }
    if (distance >= (nearest[NEIGHBOUR - 1] as number)) continue
    let place = NEIGHBOUR - 1
    for (; place > 0 && (nearest[place - 1] as number) > distance; place--) {
      nearest[place] = nearest[place - 1] as number
    }
    nearest[place] = distance
  }
  return Math.sqrt(nearest[NEIGHBOUR - 1] as number)
}
