/** Fitting a trimmed gray picture into a square. */
import type { Raster } from './raster.js'
import { resample } from './resample.js'

/** The longer edge becomes `side`, the other one keeps the proportion, of at least one pixel. */
export function resizeLongerEdge(raster: Raster, side: number): Raster {
  const scale = side / Math.max(raster.width, raster.height)
  const resized = (edge: number): number => Math.max(1, Math.round(edge * scale))
  return resample(raster, resized(raster.width), resized(raster.height))
}

/** Sets a gray raster into the middle of a square of the background; an odd pixel goes above and left, as in the data. */
export function extend({ width, height, values }: Raster, side: number, background: number): Raster {
  const square = new Float32Array(side * side).fill(background)
  const [left, top] = [Math.ceil((side - width) / 2), Math.ceil((side - height) / 2)]
  for (let y = 0; y < height; y++) {
    square.set(values.subarray(y * width, (y + 1) * width), (top + y) * side + left)
  }
  return { width: side, height: side, channels: 1, values: square }
}
