/** What of a photo is not background, and the box around it. */
import { type Background, WIDEST } from './background.js'
import { findPatches, NOTHING, type Patch, SHARP, SOMETHING, union } from './patches.js'
import { type Box, lumaAt, type Raster } from './raster.js'

/**
 * The data set's own closeness: within 5 % of the maximum possible intensity in RGB space a pixel is background
 * (arXiv 1708.07747). Where nothing is further away, as with white on white, so much is enough.
 */
const CLOSE = [0.05 * WIDEST, 0.015 * WIDEST] as const
/** Noise: so many times the median distance at the border is background as well. */
const NOISE = 3
/** Patches of less than this share of the largest one are specks. */
const SPECK = 0.01
/** The least that counts as something: this share of the picture's pixels, and so many of them. */
const [LEAST_SHARE, LEAST_PIXELS] = [5e-4, 6]
/**
 * A garment ends within this share of the picture's longer side, a soft shadow does not: the box is drawn around
 * pixels near which the picture changes by more than the closeness.
 */
const SHARPNESS = 1 / 64

/** The box around all that stands out from the background, without soft shadows; null where nothing does. */
export function findObject(raster: Raster, background: Background): Box | null {
  const { width, height } = raster
  for (const close of CLOSE) {
    const threshold = Math.max(close, NOISE * background.noise)
    const patches = findPatches(mark(raster, background, threshold), width)
    const largest = patches.reduce((most, { pixels }) => Math.max(most, pixels), 0)
    if (largest >= Math.max(LEAST_SHARE * width * height, LEAST_PIXELS)) {
      return boxAround(patches.filter(({ pixels }) => pixels >= SPECK * largest))
    }
  }
  return null
}

function boxAround(patches: readonly Patch[]): Box {
  const sharp = patches.flatMap(({ sharpBox }) => sharpBox ?? [])
  return (sharp.length > 0 ? sharp : patches.map(({ box }) => box)).reduce(union)
}

function mark(raster: Raster, { distances }: Background, threshold: number): Uint8Array {
  const { width, height, channels } = raster
  const luma = Float32Array.from(distances, (_, pixel) => lumaAt(raster, pixel * channels))
  const reach = Math.max(1, Math.round((SHARPNESS / 2) * Math.max(width, height)))
  // Distances in RGB are the square root of 3 times as wide as differences of gray.
  const change = threshold / Math.sqrt(3)
  return Uint8Array.from(distances, (distance, pixel) => {
    if (distance <= threshold) return NOTHING
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    const row = pixel - x
    const across =
      (luma[row + Math.min(x + reach, width - 1)] as number) - (luma[row + Math.max(x - reach, 0)] as number)
    const along =
      (luma[x + width * Math.min(y + reach, height - 1)] as number) -
      (luma[x + width * Math.max(y - reach, 0)] as number)
    return Math.max(Math.abs(across), Math.abs(along)) > change ? SHARP : SOMETHING
  })
}
