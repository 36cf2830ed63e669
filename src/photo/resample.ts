/** Resizing by averaging areas: each new pixel is the mean of the old ones under it, in part where they lie in part. */
import type { Raster } from './raster.js'

/** Of a gray raster. Where there are fewer old pixels than new ones they are interpolated linearly. */
export function resample(raster: Raster, width: number, height: number): Raster {
  const { width: oldWidth, height: oldHeight, values } = raster
  const columns = spansOf(oldWidth, width)
  const rows = spansOf(oldHeight, height)
  const narrow = new Float32Array(oldHeight * width)
  for (let y = 0; y < oldHeight; y++) {
    columns.forEach(({ start, weights }, x) => {
      let sum = 0
      for (let i = 0; i < weights.length; i++) {
        sum += (weights[i] as number) * (values[y * oldWidth + start + i] as number)
      }
      narrow[y * width + x] = sum
    })
  }
  const resized = new Float32Array(height * width)
  rows.forEach(({ start, weights }, y) => {
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let i = 0; i < weights.length; i++) {
        sum += (weights[i] as number) * (narrow[(start + i) * width + x] as number)
      }
      resized[y * width + x] = sum
    }
  })
  return { width, height, channels: 1, values: resized }
}

/** The old pixels, from `start` on, that make a new one; the weights sum to 1. */
interface Span {
  readonly start: number
  readonly weights: Float64Array
}

function spansOf(oldLength: number, length: number): Span[] {
  const scale = oldLength / length
  return Array.from({ length }, (_, index) =>
    scale >= 1
      ? averaged(index * scale, (index + 1) * scale, oldLength)
      : interpolated((index + 0.5) * scale, oldLength),
  )
}

/** The pixels of [from, to), each weighted by how much of it lies there. */
function averaged(from: number, to: number, length: number): Span {
  const start = Math.min(Math.floor(from), length - 1)
  const end = Math.max(start + 1, Math.min(Math.ceil(to), length))
  const overlaps = Float64Array.from({ length: end - start }, (_, i) =>
    Math.max(0, Math.min(to, start + i + 1) - Math.max(from, start + i)),
  )
  const total = overlaps.reduce((sum, overlap) => sum + overlap, 0)
  return { start, weights: overlaps.map((overlap) => overlap / total) }
}

/** The two pixels whose centres lie around a point; at the edge the last one alone. */
function interpolated(point: number, length: number): Span {
  const position = Math.min(Math.max(point - 0.5, 0), length - 1)
  const start = Math.floor(position)
  const part = position - start
  return { start, weights: part === 0 ? Float64Array.of(1) : Float64Array.of(1 - part, part) }
}
