/** The background of a photo, known from its border: a colour that may change smoothly from side to side. */
import { dot, leastSquares, median } from './least-squares.js'
import type { Raster } from './raster.js'

/** The distance between black and white in RGB. */
export const WIDEST = 255 * Math.sqrt(3)

export interface Background {
  /** What the picture would be with nothing in it. */
  readonly expected: Raster
  /** Distances in RGB between picture and background, pixel by pixel. */
  readonly distances: Float32Array
  /** Median distance of the background's own pixels at the border. */
  readonly noise: number
  /** Whether at least half of the border is plain: near the expected colour. */
  readonly plain: boolean
}

/** Share of the shorter side that counts as border. */
const BORDER = 0.02
/** Pixels of the border that are looked at, at most. */
const SAMPLES = 2000
/** Border pixels this far from the background, as a share of the widest distance, are something else, at first and at last. */
const REACH = [0.2, 0.1, 0.05, 0.05] as const
/** Up to this median distance the border is a background with noise or a fine pattern, beyond it a scene. */
const PLAINEST = 0.08 * WIDEST
/** Keeps the surface flat where the border says little. */
const STIFFNESS = 0.02

/**
 * Fits each channel by a polynomial of degree 2 in x and y to the border, leaving out in turn what lies far from
 * the last fit, as garments that touch the border do; the first is the border's median colour.
 */
export function findBackground(raster: Raster): Background {
  const border = borderOf(raster)
  const level = mediansOf(raster, border).map((middle) => [middle, 0, 0, 0, 0, 0])
  let surfaces: Surfaces = level
  let inliers = border
  for (const reach of REACH) {
    inliers = border.filter((pixel) => distanceTo(raster, pixel, surfaces) <= reach * WIDEST)
    if (2 * inliers.length < border.length) break
    surfaces = fitSurfaces(raster, inliers)
  }
  const noise = median(border.map((pixel) => distanceTo(raster, pixel, surfaces)))
  const plain = noise <= PLAINEST
  if (!plain) surfaces = level
  return { ...compare(raster, surfaces), noise, plain }
}

/** Coefficients of `terms`, for each channel. */
type Surfaces = readonly (readonly number[])[]

function terms({ width, height }: Raster, pixel: number): readonly number[] {
  const x = (2 * (pixel % width) + 1) / width - 1
  const y = (2 * Math.floor(pixel / width) + 1) / height - 1
  return [1, x, y, x * x, x * y, y * y]
}

/** Indices of pixels along the four sides, evenly chosen where there are many. */
function borderOf({ width, height }: Raster): number[] {
  const depth = Math.max(1, Math.round(BORDER * Math.min(width, height)))
  const inside = (position: number, length: number): boolean => position >= depth && position < length - depth
  const pixels: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside(x, width) && inside(y, height)) x = width - depth
      pixels.push(y * width + x)
    }
  }
  const step = Math.ceil(pixels.length / SAMPLES)
  return pixels.filter((_, index) => index % step === 0)
}

function mediansOf({ channels, values }: Raster, pixels: readonly number[]): number[] {
  return Array.from({ length: channels }, (_, c) =>
    median(pixels.map((pixel) => values[pixel * channels + c] as number)),
  )
}

function fitSurfaces(raster: Raster, pixels: readonly number[]): Surfaces {
  const { channels, values } = raster
  const rows = pixels.map((pixel) => terms(raster, pixel))
  const penalty = [0, 1, 1, 1, 1, 1].map((weight) => weight * STIFFNESS * pixels.length)
  return Array.from({ length: channels }, (_, c) => {
    const targets = pixels.map((pixel) => values[pixel * channels + c] as number)
    return leastSquares(rows, targets, penalty)
  })
}

function distanceTo(raster: Raster, pixel: number, surfaces: Surfaces): number {
  const basis = terms(raster, pixel)
  const { channels, values } = raster
  let sum = 0
  for (const [c, surface] of surfaces.entries()) {
    sum += ((values[pixel * channels + c] as number) - dot(surface, basis)) ** 2
  }
  return Math.sqrt((3 / channels) * sum)
}

function compare(raster: Raster, surfaces: Surfaces): Pick<Background, 'expected' | 'distances'> {
  const { width, height, channels, values } = raster
  const expected = new Float32Array(values.length)
  const distances = new Float32Array(width * height)
  for (let pixel = 0; pixel < distances.length; pixel++) {
    const basis = terms(raster, pixel)
    for (let c = 0; c < channels; c++) {
      const value = dot(surfaces[c] as readonly number[], basis)
      expected[pixel * channels + c] = Math.min(Math.max(value, 0), 255)
    }
    distances[pixel] = distanceTo(raster, pixel, surfaces)
  }
  return { expected: { ...raster, values: expected }, distances }
}
