/** Many small images in one PNG, which a page holds once and shows pieces of as tiles. */
import { type Html, html } from './html.js'

export interface Tiles {
  /** Grey bytes, image after image. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** A PNG of tiles row by row. */
export interface Sheet {
  readonly columns: number
  readonly rows: number
  readonly png: Buffer
}

/** Sheets stay small: a browser paints a piece of a large one slowly. */
const COLUMNS = 10
/** The longer side of a tile on the page is about so many pixels. */
const TILE = 56

export async function packSheet({ pixels, width, height }: Tiles, most = COLUMNS): Promise<Sheet> {
  const count = pixels.length / (width * height)
  const columns = Math.max(1, Math.min(most, count))
  const rows = Math.max(1, Math.ceil(count / columns))
  const sheet = new Uint8Array(columns * rows * width * height)
  for (let tile = 0; tile < count; tile++) {
    const [x, y] = [(tile % columns) * width, Math.floor(tile / columns) * height]
    for (let row = 0; row < height; row++) {
      const from = (tile * height + row) * width
      sheet.set(pixels.subarray(from, from + width), (y + row) * columns * width + x)
    }
  }
  return { columns, rows, png: await grayPng(sheet, columns * width, rows * height) }
}

async function grayPng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w')
  return picture.png({ compressionLevel: 9, adaptiveFiltering: false }).toBuffer()
}

export const dataUri = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`

/** How large tiles are: whole multiples of their pixels. */
export function tileStyle({ width, height }: Pick<Tiles, 'width' | 'height'>): string {
  const scale = Math.max(1, Math.round(TILE / Math.max(width, height)))
  return `:root{--tile-width:${width * scale}px;--tile-height:${height * scale}px}`
}

/** Makes a sheet that of the tiles in elements of a class. */
export const sheetStyle = (name: string, { columns, rows, png }: Sheet): string =>
  `.${name}{--columns:${columns};--rows:${rows};--sheet:url(${dataUri(png)})}`

/** A piece of the sheet of its surroundings. */
export function tile({ columns }: Sheet, position: number, label: string): Html {
  const place = `--x:${position % columns};--y:${Math.floor(position / columns)}`
  return html`<span class="tile" role="img" aria-label="${label}" style="${place}"></span>`
}
