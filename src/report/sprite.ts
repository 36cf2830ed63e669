/** Many small images in one PNG, which a page holds once and shows pieces of. */
import { type Html, html } from './html.js'

export interface Tiles {
  /** Grey bytes, image after image. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

export interface Sprite {
  /** The name of its CSS class. */
  readonly name: string
  readonly columns: number
  readonly rows: number
  readonly png: Buffer
  readonly width: number
  readonly height: number
}

const COLUMNS = 40
/** The longer side of a tile on the page is about so many pixels. */
const TILE = 56

export async function packSprite(name: string, { pixels, width, height }: Tiles): Promise<Sprite> {
  const count = pixels.length / (width * height)
  const columns = Math.max(1, Math.min(COLUMNS, count))
  const rows = Math.max(1, Math.ceil(count / columns))
  const sheet = new Uint8Array(columns * rows * width * height)
  for (let tile = 0; tile < count; tile++) {
    const [x, y] = [(tile % columns) * width, Math.floor(tile / columns) * height]
    for (let row = 0; row < height; row++) {
      const from = (tile * height + row) * width
      sheet.set(pixels.subarray(from, from + width), (y + row) * columns * width + x)
    }
  }
  return { name, columns, rows, width, height, png: await grayPng(sheet, columns * width, rows * height) }
}

async function grayPng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w')
  return picture.png({ compressionLevel: 9, adaptiveFiltering: false }).toBuffer()
}

export const dataUri = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`

/** The class's rules: a tile chooses its piece by --x and --y. */
export function spriteStyle({ name, columns, rows, png, width, height }: Sprite): string {
  const scale = Math.max(1, Math.round(TILE / Math.max(width, height)))
  const [w, h] = [width * scale, height * scale]
  return (
    `.${name}{width:${w}px;height:${h}px;background:url(${dataUri(png)}) ` +
    `calc(var(--x)*${-w}px) calc(var(--y)*${-h}px)/${columns * w}px ${rows * h}px no-repeat}`
  )
}

export function tile({ name, columns }: Sprite, position: number, label: string): Html {
  const place = `--x:${position % columns};--y:${Math.floor(position / columns)}`
  return html`<span class="tile ${name}" role="img" aria-label="${label}" style="${place}"></span>`
}
