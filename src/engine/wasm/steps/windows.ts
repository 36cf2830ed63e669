/**
 * The geometry of convolutions and dense layers as products over windows, and in which order their pixels are taken: the
 * arguments that wasm/windows.ts reads.
 */
import type { Shape } from '../../../core/shape.js'
import type { Padding, Pair } from '../../../graph/steps.js'

/** One axis of a window over images. */
interface Axis {
  /** Extent of the images before and after. */
  readonly src: number
  readonly dst: number
  readonly stride: number
  /** Taps that meet a pixel somewhere, from the first to the last such; `first` is its place in the whole window. */
  readonly taps: number
  readonly first: number
  /** Padding before the image, as those taps see it. */
  readonly padding: number
}

export interface Geometry {
  readonly images: number
  readonly channels: number
  readonly out: number
  readonly rows: Axis
  readonly columns: Axis
  /** The whole window. */
  readonly window: Pair
}

/** Taps at both ends that meet nothing but padding are left out (3 x 3 over one pixel: all but the middle one). */
function axisOf(src: number, dst: number, window: number, stride: number, padding: number): Axis {
  const meets = (tap: number): boolean => {
    const first = tap - padding
    return first < src && first + (dst - 1) * stride >= 0
  }
  let [first, end] = [0, window]
  while (end > 1 && !meets(end - 1)) end--
  while (first < end - 1 && !meets(first)) first++
  return { src, dst, stride, taps: end - first, first, padding: padding - first }
}

/** Of shapes NHWC and OIHW. */
export function geometryOf(
  src: Shape,
  weights: Shape,
  dst: Shape,
  { strides, padding }: { readonly strides: Pair; readonly padding: Padding },
): Geometry {
  const [images = 0, height = 0, width = 0, channels = 0] = src
  const [, dstHeight = 0, dstWidth = 0, out = 0] = dst
  const [, , windowHeight = 0, windowWidth = 0] = weights
  return {
    images,
    channels,
    out,
    rows: axisOf(height, dstHeight, windowHeight, strides[0], padding[0]),
    columns: axisOf(width, dstWidth, windowWidth, strides[1], padding[1]),
    window: [windowHeight, windowWidth],
  }
}

/** A dense layer: images of one pixel. Weights are [out, in]. */
export function denseGeometry(images: number, [out = 0, channels = 0]: Shape): Geometry {
  const one: Axis = { src: 1, dst: 1, stride: 1, taps: 1, first: 0, padding: 0 }
  return { images, channels, out, rows: one, columns: one, window: [1, 1] }
}

/** How the pixels of a product are taken. */
export interface Order {
  /** The classes of pixels: see wasm/windows.ts. */
  readonly steps: Pair
  readonly everyTap: boolean
  /** Pixels of a block, and the blocks of all classes together. */
  readonly blockRows: number
  readonly blocks: number
}

/** Blocks have a multiple of that, and so no tile with fewer rows than it could have. */
const TILE_ROWS = 12
/** Images from which on a pixel of all images is worth a class of its own. */
const MANY_IMAGES = 16
/** The share of taps that meet a pixel below which the others are worth leaving out. */
const OCCUPIED = 0.85

/** The share of an axis's taps, over all pixels, that meet one. */
function occupancy({ src, dst, stride, taps, padding }: Axis): number {
  let met = 0
  for (let at = 0; at < dst; at++) {
    for (let tap = 0; tap < taps; tap++) {
      const place = at * stride - padding + tap
      if (place >= 0 && place < src) met++
    }
  }
  return met / (dst * taps)
}

/**
 * The order of a product over the pixels of the result (`dst`) or, transposed, of the images (`src`); `whole` if
 * every tap must be there for each pixel.
 */
export function orderOf(g: Geometry, transposed: boolean, rowsAtOnce: number, whole = false): Order {
  const [height, width] = transposed ? [g.rows.src, g.columns.src] : [g.rows.dst, g.columns.dst]
  const sparse = occupancy(g.rows) * occupancy(g.columns) < OCCUPIED && g.images >= MANY_IMAGES && !whole
  const strides: Pair = transposed ? [g.rows.stride, g.columns.stride] : [1, 1]
  const steps: Pair = sparse ? [height, width] : strides
  const count = (extent: number, step: number, first: number): number => Math.ceil((extent - first) / step)
  const largest = g.images * count(height, steps[0], 0) * count(width, steps[1], 0)
  const even = largest / Math.ceil(largest / rowsAtOnce)
  const blockRows = Math.ceil(even / TILE_ROWS) * TILE_ROWS
  let blocks = 0
  for (let row = 0; row < Math.min(height, steps[0]); row++) {
    for (let column = 0; column < Math.min(width, steps[1]); column++) {
      const pixels = g.images * count(height, steps[0], row) * count(width, steps[1], column)
      blocks += Math.ceil(pixels / blockRows)
    }
  }
  return { steps, everyTap: steps[0] === 1 && steps[1] === 1 && !sparse, blockRows, blocks }
}

/** How many pixels apart those lie that neighbouring rows of a product see. */
export function pixelPitch({ rows, columns }: Geometry, transposed: boolean, { steps }: Order): number {
  if (transposed) return steps[1] >= columns.src ? rows.dst * columns.dst : steps[1] / columns.stride
  return steps[1] >= columns.dst ? rows.src * columns.src : steps[1] * columns.stride
}

/** The fields of `Windows` in wasm/windows.ts. */
export function windowArguments(g: Geometry, transposed: boolean, order: Order): readonly number[] {
  const { rows, columns } = g
  const [dst, src] = [
    [rows.dst, columns.dst],
    [rows.src, columns.src],
  ]
  return [
    ...[g.images, ...(transposed ? [...src, ...dst] : [...dst, ...src])],
    ...[rows.taps, columns.taps, rows.stride, columns.stride, rows.padding, columns.padding],
    ...[transposed ? 1 : 0, ...order.steps, order.everyTap ? 1 : 0, order.blockRows],
  ]
}

/** Bytes of the list of a block's windows. */
export function listBytes({ rows, columns }: Geometry, { blockRows }: Order): number {
  return 4 * (rows.taps * columns.taps + 1) * (blockRows + 1)
}
