/** Numbers painted as pixels. */
import { inferno, mixed } from '../../../src/explain/colors.js'
import { lumaAt, type Raster } from '../../../src/photo/raster.js'

export interface Painting {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

type Rgb = readonly [number, number, number]

export function paint(width: number, height: number, colorOf: (place: number) => Rgb): Painting {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let place = 0; place < width * height; place++) data.set([...colorOf(place), 255], 4 * place)
  return { width, height, data }
}

/** Bytes of gray, row after row. */
export const paintGray = (values: ArrayLike<number>, width: number, height: number): Painting =>
  paint(width, height, (place) => {
    const value = values[place] as number
    return [value, value, value]
  })

export function paintRaster(raster: Raster): Painting {
  const { width, height, channels, values } = raster
  return paint(width, height, (place) => {
    const offset = place * channels
    if (channels === 1) {
      const value = lumaAt(raster, offset)
      return [value, value, value]
    }
    return [values[offset] as number, values[offset + 1] as number, values[offset + 2] as number]
  })
}

/** An image, darkened, under the heat of what speaks for a class, as the command line's pictures have it. */
export function paintHeat(
  image: Uint8Array,
  values: ArrayLike<number>,
  width: number,
  height: number,
): Painting {
  const most = Math.max(0, ...Array.from(values))
  return paint(width, height, (place) => {
    const part = most > 0 ? Math.max(0, values[place] as number) / most : 0
    const gray = Math.round(0.6 * (image[place] as number))
    return mixed([gray, gray, gray], inferno(part), Math.sqrt(part))
  })
}

const [NEGATIVE, ZERO, POSITIVE]: readonly [Rgb, Rgb, Rgb] = [
  [0x00, 0x72, 0xb2],
  [0xf7, 0xf7, 0xf7],
  [0xd5, 0x5e, 0x00],
]

/** Values around 0: blue below, vermilion above, by the root so that small ones are seen. */
export function paintSigned(
  values: ArrayLike<number>,
  width: number,
  height: number,
  largest: number,
): Painting {
  return paint(width, height, (place) => {
    const part = largest === 0 ? 0 : (values[place] as number) / largest
    return mixed(ZERO, part < 0 ? NEGATIVE : POSITIVE, Math.sqrt(Math.min(1, Math.abs(part))))
  })
}

/** Values from 0 on, by the colours of heat. */
export const paintPositive = (
  values: ArrayLike<number>,
  width: number,
  height: number,
  largest: number,
): Painting => paint(width, height, (place) => inferno(largest > 0 ? (values[place] as number) / largest : 0))
