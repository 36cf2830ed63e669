/** Pictures as numbers: decoded ones of bytes, and those being worked on. */

/** A decoded picture, row after row: gray, RGB or RGBA with straight alpha (as a browser's ImageData has it). */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array | Uint8ClampedArray
}

/** Gray (1 channel) or RGB (3), interleaved, on the scale of bytes; values may lie between and beyond them. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly values: Float32Array
}

/** Columns [left, right) and rows [top, bottom). */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The weights of red, green and blue in a gray value (Rec. 709 luma). */
export const LUMA = [0.2126, 0.7152, 0.0722] as const

/** The luma of the pixel whose first channel stands at `offset`. */
export function lumaAt({ values, channels }: Raster, offset: number): number {
  if (channels === 1) return values[offset] as number
  const [red, green, blue] = [values[offset], values[offset + 1], values[offset + 2]] as [
    number,
    number,
    number,
  ]
  return LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
}

export function crop(raster: Raster, { left, top, right, bottom }: Box): Raster {
  const [width, height, channels] = [right - left, bottom - top, raster.channels]
  const values = new Float32Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * raster.width + left) * channels
    values.set(raster.values.subarray(start, start + width * channels), y * width * channels)
  }
  return { width, height, channels, values }
}
