/**
 * Occlusion (Zeiler and Fergus 2014, arXiv 1311.2901): what a model's answer loses when a window slides over the
 * image and hides what is under it. It takes nothing but answers, so that it works on any model; it needs no Node,
 * so that the browser runs the same.
 */
import { argmax, rowOf } from '../core/logits.js'
import { logOdds } from './log-odds.js'

/** Height and width of what is hidden, and how far the window moves, in pixels. */
const WINDOW = 4
const STRIDE = 2
/** What hides: the black around the data set's garments. */
const GROUND = 0

/** Logits [count, classes] of `count` images, one after another, their pixels 0 ... 255. */
export type LogitsOf = (images: Uint8Array, count: number) => Promise<Float32Array>

export interface ImageShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

export interface OcclusionMap {
  /** Of the image as it is. */
  readonly logits: Float32Array
  readonly classIndex: number
  /**
   * [height, width]: by how much the log-odds of the class fall where the place is hidden, as a mean over all windows
   * that hide it; below zero where hiding it speaks for the class.
   */
  readonly values: Float32Array
}

/** The map of a class, by default of that with the largest logit. All images are asked for in one call. */
export async function occlusionMap(
  image: Uint8Array,
  shape: ImageShape,
  logitsOf: LogitsOf,
  wanted?: number,
): Promise<OcclusionMap> {
  const windows = windowsOver(shape)
  const images = new Uint8Array((windows.length + 1) * image.length)
  images.set(image)
  windows.forEach((window, i) => {
    const start = (i + 1) * image.length
    images.set(image, start)
    hide(images.subarray(start, start + image.length), shape, window)
  })
  const all = await logitsOf(images, windows.length + 1)
  const classes = all.length / (windows.length + 1)
  const logits = rowOf(all, 0, classes).slice()
  const classIndex = wanted ?? argmax(logits)
  const odds = logOdds(logits, classIndex)
  const falls = windows.map((_, i) => odds - logOdds(rowOf(all, i + 1, classes), classIndex))
  return { logits, classIndex, values: meansOf(windows, falls, shape) }
}

/** Rows top ... bottom - 1 and columns left ... right - 1. */
interface Window {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** The windows, cut at the image's edges; inside, every pixel lies under equally many. */
export function windowsOver({ height, width }: Pick<ImageShape, 'height' | 'width'>): readonly Window[] {
  const starts = (size: number): number[] =>
    Array.from({ length: Math.ceil((size + WINDOW) / STRIDE) - 1 }, (_, i) => (i + 1) * STRIDE - WINDOW)
  return starts(height).flatMap((row) =>
    starts(width).map((column) => ({
      top: Math.max(0, row),
      bottom: Math.min(height, row + WINDOW),
      left: Math.max(0, column),
      right: Math.min(width, column + WINDOW),
    })),
  )
}

function hide(image: Uint8Array, { width, channels }: ImageShape, window: Window): void {
  for (let row = window.top; row < window.bottom; row++) {
    image.fill(GROUND, (row * width + window.left) * channels, (row * width + window.right) * channels)
  }
}

function meansOf(
  windows: readonly Window[],
  values: readonly number[],
  { height, width }: ImageShape,
): Float32Array {
  const [sums, counts] = [new Float64Array(height * width), new Float64Array(height * width)]
  windows.forEach(({ top, bottom, left, right }, i) => {
    for (let row = top; row < bottom; row++) {
      for (let place = row * width + left; place < row * width + right; place++) {
        sums[place] = (sums[place] as number) + (values[i] as number)
        counts[place] = (counts[place] as number) + 1
      }
    }
  })
  return Float32Array.from(sums, (sum, place) => sum / (counts[place] as number))
}
