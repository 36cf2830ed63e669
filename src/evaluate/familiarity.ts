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
import { Neighbours } from './neighbours.js'

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
  /** p of the held-out logits, [n, classes]. */
  private readonly spread: Float32Array
  private readonly logitNeighbours: Neighbours
  private readonly spreadNeighbours: Neighbours

  /** Takes logits [n, classes] of at least 6 held-out images. */
  constructor(
    private readonly heldOut: Float32Array,
    private readonly classes: number,
  ) {
    this.temperature = SOFTNESS * meanLength(heldOut, classes) || 1
    this.spread = this.spreadOf(heldOut)
    this.logitNeighbours = new Neighbours(heldOut, classes)
    this.spreadNeighbours = new Neighbours(this.spread, classes)
  }

  /** Whether there are enough held-out images to compare with. */
  static canScale(images: number): boolean {
    return images > NEIGHBOUR
  }

  /** The score of an image's logits [classes]. */
  score(logits: Float32Array): number {
    return this.scoreOf(logits, this.spreadOf(logits))
  }

  /** The score that is exceeded by a share of the held-out images, each compared with the others. */
  threshold(falseAlarms = FALSE_ALARMS): number {
    const { heldOut, spread, classes } = this
    const scores = Float64Array.from({ length: heldOut.length / classes }, (_, image) => {
      const [start, end] = [image * classes, (image + 1) * classes]
      return this.scoreOf(heldOut.subarray(start, end), spread.subarray(start, end), image)
    }).sort()
    return scores[Math.ceil((1 - falseAlarms) * scores.length) - 1] as number
  }

  private scoreOf(logits: Float32Array, spread: Float32Array, itself?: number): number {
    const strength = this.logitNeighbours.distance(logits, NEIGHBOUR, itself)
    const mixture = this.spreadNeighbours.distance(spread, NEIGHBOUR, itself)
    return Math.log(Math.max(strength, LEAST_DISTANCE)) + Math.log(Math.max(mixture, LEAST_DISTANCE))
  }

  /** p of rows of logits: each of unit length, as probabilities sum to 1. */
  private spreadOf(logits: Float32Array): Float32Array {
    const { classes, temperature } = this
    const spread = new Float32Array(logits.length)
    for (let start = 0; start < logits.length; start += classes) {
      const end = start + classes
      let [largest, squares] = [Number.NEGATIVE_INFINITY, 0]
      for (let i = start; i < end; i++) largest = Math.max(largest, logits[i] as number)
      for (let i = start; i < end; i++) {
        const root = Math.exp(((logits[i] as number) - largest) / (2 * temperature))
        spread[i] = root
        squares += root * root
      }
      for (let i = start; i < end; i++) spread[i] = (spread[i] as number) / Math.sqrt(squares)
    }
    return spread
  }
}

/** Mean Euclidean length of rows from which their mean was taken. */
function meanLength(rows: Float32Array, width: number): number {
  let sum = 0
  for (let start = 0; start < rows.length; start += width) {
    let [total, squares] = [0, 0]
    for (let i = start; i < start + width; i++) {
      total += rows[i] as number
      squares += (rows[i] as number) ** 2
    }
    sum += Math.sqrt(Math.max(0, squares - total ** 2 / width))
  }
  return (sum * width) / rows.length
}
