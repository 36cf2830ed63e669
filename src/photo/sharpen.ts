/** Sharpening by a Gaussian operator of radius and sigma 1. */
import type { Raster } from './raster.js'

const gaussian = (distance2: number): number => Math.exp(-distance2 / 2)

/**
 * ImageMagick's `-sharpen 1x1`: a 3 x 3 kernel of minus a Gaussian, at its centre twice the Gaussian's sum, divided
 * by its own sum. [side weight, corner weight, centre weight].
 */
const [SIDE, CORNER, CENTRE] = (() => {
  const total = gaussian(0) + 4 * gaussian(1) + 4 * gaussian(2)
  const sum = total + gaussian(0)
  return [-gaussian(1) / sum, -gaussian(2) / sum, (2 * total) / sum] as const
})()

/**
 * Of a gray raster; beyond the edge its last pixels go on. What would be blacker than black or whiter than white is
 * cut off, as in a picture of bytes, so that outlines do not outshine the garment.
 */
export function sharpen({ width, height, values }: Raster): Raster {
  const at = (x: number, y: number): number =>
    values[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)] as number
  const sharpened = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sides = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)
      const corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1)
      const value = CENTRE * at(x, y) + SIDE * sides + CORNER * corners
      sharpened[y * width + x] = Math.min(Math.max(value, 0), 255)
    }
  }
  return { width, height, channels: 1, values: sharpened }
}
