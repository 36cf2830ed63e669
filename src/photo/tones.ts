/** Gray values against the background, and which way round they go. */
import { type Background, WIDEST } from './background.js'
import { lumaAt, type Raster } from './raster.js'

/** Contrast with the background is taken in proportion to it, but not to less than this of it. */
const LEAST_BACKGROUND = 64
/** A result of less contrast than this counts as having none. */
const LEAST_CONTRAST = 4

/**
 * Whether what stands out is darker than the background on the whole, as in the photos behind the data set. Without
 * a plain background, whether the border is light.
 */
export function isDarker(raster: Raster, { expected, distances, plain }: Background): boolean {
  const { channels } = raster
  if (!plain) return lumaAt(expected, 0) >= 128
  let [near, far] = [0, 0]
  distances.forEach((distance, pixel) => {
    const darkness = lumaAt(expected, pixel * channels) - lumaAt(raster, pixel * channels)
    if (distance > 0.05 * WIDEST) far += darkness
    else near += darkness
  })
  return (far === 0 ? near : far) >= 0
}

/**
 * The luma of a photo in proportion to its background's, which becomes white (where the garment is dark: value 255)
 * or black (0), however light it was and however it changed from side to side. Values beyond 0 ... 255 are lighter
 * or darker than the background; without a plain one the luma stays as it is.
 */
export function grayOver(raster: Raster, { expected, plain }: Background, dark: boolean): Raster {
  const { width, height, channels } = raster
  const values = Float32Array.from({ length: width * height }, (_, pixel) => {
    const luma = lumaAt(raster, pixel * channels)
    if (!plain) return luma
    const background = lumaAt(expected, pixel * channels)
    const room = Math.max(dark ? background : 255 - background, LEAST_BACKGROUND)
    return (dark ? 255 : 0) + (255 / room) * (luma - background)
  })
  return { width, height, channels: 1, values }
}

export function negate(raster: Raster): Raster {
  return { ...raster, values: raster.values.map((value) => 255 - value) }
}

/**
 * Bytes from 0 for the background (and what lies beyond it) to 255 for the lightest pixel: so far reaches every
 * one of the data set's images (254 or 255), though the paper has no step for it.
 */
export function stretch({ values }: Raster): Uint8Array {
  const highest = values.reduce((a, b) => Math.max(a, b), 0)
  const bytes = new Uint8Array(values.length)
  if (highest < LEAST_CONTRAST) return bytes
  values.forEach((value, i) => {
    bytes[i] = Math.round((255 / highest) * Math.max(value, 0))
  })
  return bytes
}
