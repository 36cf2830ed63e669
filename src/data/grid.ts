/** The grid of sample images with their classes, as a PNG. */
import { rename, rm, writeFile } from 'node:fs/promises'
import type { OverlayOptions } from 'sharp'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import type { Dataset } from './dataset.js'
import { canDraw, GLYPH_HEIGHT, setText } from './glyphs.js'

const ROWS = 5
const COLUMNS = 5
/** Pixels: the length that the longer side of an image is scaled up to, about; spaces; the frame's grey. */
const IMAGE_SIDE = 140
const GAP = 20
const MARGIN = 28
const CAPTION_SCALE = 2
const CAPTION_SPACE = 10
const FRAME_GREY = 0xb8
const INK_GREY = 0x20

interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/**
 * Writes the first 25 training images, 5 x 5 row by row, each over its class name, as a greyscale PNG. Ink is
 * dark on white, as the study prints them; images are enlarged by a whole factor with sharp pixels.
 *
 * @throws AtelierError when `file` cannot be written.
 */
export async function writeGrid(dataset: Dataset, file: string): Promise<void> {
  const png = await renderGrid(dataset)
  const temporary = `${file}.${process.pid}.part`
  try {
    await writeFile(temporary, png)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new AtelierError(mismatch(`--grid ${file}`, 'a file that can be written', messageOf(error)))
  }
}

/** The PNG's bytes. */
export async function renderGrid({ height, width, classes, train }: Dataset): Promise<Buffer> {
  const scale = Math.max(1, Math.round(IMAGE_SIDE / Math.max(height, width)))
  const [cellWidth, cellHeight] = [width * scale, height * scale]
  const captionHeight = CAPTION_SPACE + GLYPH_HEIGHT * CAPTION_SCALE
  const canvas = blank(
    2 * MARGIN + COLUMNS * cellWidth + (COLUMNS - 1) * GAP,
    2 * MARGIN + ROWS * (cellHeight + captionHeight) + (ROWS - 1) * GAP,
  )
  const overlays: OverlayOptions[] = []
  for (let index = 0; index < Math.min(ROWS * COLUMNS, train.count); index++) {
    const left = MARGIN + (index % COLUMNS) * (cellWidth + GAP)
    const top = MARGIN + Math.floor(index / COLUMNS) * (cellHeight + captionHeight + GAP)
    fill(canvas, left - 1, top - 1, cellWidth + 2, cellHeight + 2, FRAME_GREY)
    drawImage(canvas, train.images.subarray(index * height * width), { height, width, left, top, scale })
    const name = classes[train.labels[index] as number] as string
    const place = { centre: left + cellWidth / 2, top: top + cellHeight + CAPTION_SPACE }
    if (canDraw(name)) drawCaption(canvas, name, { ...place, room: cellWidth + GAP })
    else overlays.push(fontCaption(name, { ...place, room: cellWidth + GAP }))
  }
  const { default: sharp } = await import('sharp')
  const raw = { width: canvas.width, height: canvas.height, channels: 1 } as const
  const picture = sharp(canvas.pixels, { raw }).composite(overlays).toColourspace('b-w')
  return picture.png({ compressionLevel: 9 }).toBuffer()
}

function blank(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height).fill(255) }
}

function fill(canvas: Canvas, left: number, top: number, width: number, height: number, grey: number): void {
  for (let y = top; y < top + height; y++) {
    const row = y * canvas.width
    canvas.pixels.fill(grey, row + left, row + left + width)
  }
}

function drawImage(
  canvas: Canvas,
  image: Uint8Array,
  { height, width, left, top, scale }: Record<'height' | 'width' | 'left' | 'top' | 'scale', number>,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      fill(canvas, left + x * scale, top + y * scale, scale, scale, 255 - (image[y * width + x] as number))
    }
  }
}

/** A caption about `centre`; one wider than `room` is set smaller, then cut. */
function drawCaption(
  canvas: Canvas,
  name: string,
  place: { centre: number; top: number; room: number },
): void {
  let text = setText(name)
  const scale = text.width * CAPTION_SCALE <= place.room ? CAPTION_SCALE : 1
  for (let kept = name.length - 1; text.width * scale > place.room; kept--) {
    text = setText(`${name.slice(0, kept)}...`)
  }
  const left = Math.round(place.centre - (text.width * scale) / 2)
  for (let i = 0; i < text.ink.length; i++) {
    if (text.ink[i] === 0) continue
    const [x, y] = [i % text.width, Math.floor(i / text.width)]
    fill(canvas, left + x * scale, place.top + y * scale, scale, scale, INK_GREY)
  }
}

/** A caption with characters of other scripts, which the machine's fonts have to draw. */
function fontCaption(name: string, place: { centre: number; top: number; room: number }): OverlayOptions {
  const escaped = name.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
  const height = GLYPH_HEIGHT * CAPTION_SCALE
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${place.room}" height="${height}"><text x="50%" y="15" ` +
    `text-anchor="middle" font-family="sans-serif" font-size="17" fill="#202020">${escaped}</text></svg>`
  return { input: Buffer.from(svg), left: Math.round(place.centre - place.room / 2), top: place.top }
}
