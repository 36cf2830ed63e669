/** From a decoded picture to an opaque one of a size that is quick to work on. */
import { LUMA, type Picture, type Raster } from './raster.js'

/** The longer side of what is worked on is at least so many pixels (where the picture has them), and below twice that. */
const WORKING_SIDE = 256

/** A garment of at least this mean luma hardly shows on white: such a cut-out is laid on black. */
const NEARLY_WHITE = 0.85 * 255

/**
 * Lays a transparent picture on a plain background and averages whole squares of pixels, weighted by their opacity,
 * where there are many more of them than the steps need.
 */
export function flatten(picture: Picture): Raster {
  const square = Math.max(1, Math.floor(Math.max(picture.width, picture.height) / WORKING_SIDE))
  const transparent = picture.channels === 4
  const channels = picture.channels === 1 ? 1 : 3
  const backdrop = transparent ? backdropOf(picture) : 0
  const [width, height] = [Math.ceil(picture.width / square), Math.ceil(picture.height / square)]
  const values = new Float32Array(width * height * channels)
  const sum = new Float64Array(channels)
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [y * square, Math.min((y + 1) * square, picture.height)]
    for (let x = 0; x < width; x++) {
      const [left, right] = [x * square, Math.min((x + 1) * square, picture.width)]
      sum.fill(0)
      for (let row = top; row < bottom; row++) addRow(sum, picture, row, left, right, backdrop)
      const count = (bottom - top) * (right - left)
      const offset = (y * width + x) * channels
      for (let c = 0; c < channels; c++) values[offset + c] = (sum[c] as number) / count
    }
  }
  return { width, height, channels, values }
}

function addRow(
  sum: Float64Array,
  { data, width, channels }: Picture,
  row: number,
  left: number,
  right: number,
  backdrop: number,
): void {
  const end = (row * width + right) * channels
  for (let i = (row * width + left) * channels; i < end; i += channels) {
    const opacity = channels === 4 ? (data[i + 3] as number) / 255 : 1
    for (let c = 0; c < sum.length; c++) {
      sum[c] = (sum[c] as number) + opacity * (data[i + c] as number) + (1 - opacity) * backdrop
    }
  }
}

/** White, as behind the data set's garments, or black under what is itself nearly white. */
function backdropOf({ data }: Picture): 0 | 255 {
  let [luma, opacity] = [0, 0]
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number
    opacity += alpha
    for (let c = 0; c < 3; c++) luma += alpha * (LUMA[c] as number) * (data[i + c] as number)
  }
  return luma > NEARLY_WHITE * opacity ? 0 : 255
}
