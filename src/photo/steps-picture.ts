/** A picture of what the models saw: each step of a photo, and what they made of it. */
import type { OverlayOptions } from 'sharp'
import { writeFileAtomically } from '../core/files.js'
import { CAPTION_HEIGHT, Canvas } from '../picture/canvas.js'
import type { PhotoStep } from './prepare.js'
import type { Raster } from './raster.js'

/** Pixels: a panel's side, around and between panels, the frame's grey. */
const PANEL = 196
const MARGIN = 24
const FRAME_GREY = 0xb8
const COLUMNS = 4
const LEADING = CAPTION_HEIGHT + 8
/** Pictures of up to so many pixels a side are enlarged with sharp pixels. */
const COARSE = 64

/**
 * Writes a PNG: a panel for each step, with its name and size, and below them lines of text.
 *
 * @throws AtelierError where the file cannot be written.
 */
export async function writeSteps(
  file: string,
  steps: readonly PhotoStep[],
  lines: readonly string[],
): Promise<void> {
  await writeFileAtomically(file, await renderSteps(steps, lines))
}

/** The PNG's bytes. */
export async function renderSteps(steps: readonly PhotoStep[], lines: readonly string[]): Promise<Buffer> {
  const rows = Math.ceil(steps.length / COLUMNS)
  const rowHeight = LEADING + PANEL + MARGIN
  const width = MARGIN + COLUMNS * (PANEL + MARGIN)
  const canvas = new Canvas(width, MARGIN + rows * rowHeight + lines.length * LEADING + MARGIN)
  const panels = steps.map((step, index) => {
    const left = MARGIN + (index % COLUMNS) * (PANEL + MARGIN)
    const top = MARGIN + Math.floor(index / COLUMNS) * rowHeight
    return drawPanel(canvas, step, left, top)
  })
  lines.forEach((line, index) => {
    const top = MARGIN + rows * rowHeight + index * LEADING
    canvas.drawCaption(line, { centre: width / 2, top, room: width - 2 * MARGIN })
  })
  const { default: sharp } = await import('sharp')
  const overlays = await Promise.all(panels)
  // The canvas is grey, photos are not.
  return sharp(await canvas.png())
    .toColourspace('srgb')
    .composite(overlays)
    .png()
    .toBuffer()
}

/** Draws the title and the frame, and gives the picture to lay into it. */
async function drawPanel(
  canvas: Canvas,
  { name, raster }: PhotoStep,
  left: number,
  top: number,
): Promise<OverlayOptions> {
  const title = `${name}, ${raster.width} x ${raster.height}`
  canvas.drawCaption(title, { centre: left + PANEL / 2, top, room: PANEL + MARGIN - 8 })
  const scale = PANEL / Math.max(raster.width, raster.height)
  const [width, height] = [raster.width, raster.height].map((side) => Math.max(1, Math.round(side * scale)))
  const [x, y] = [left + (PANEL - (width as number)) / 2, top + LEADING + (PANEL - (height as number)) / 2]
  const place = { left: Math.floor(x), top: Math.floor(y) }
  canvas.fill(place.left - 1, place.top - 1, (width as number) + 2, (height as number) + 2, FRAME_GREY)
  return { input: await enlarge(raster, width as number, height as number), ...place }
}

async function enlarge(
  { width, height, channels, values }: Raster,
  newWidth: number,
  newHeight: number,
): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const kernel = Math.max(width, height) <= COARSE ? 'nearest' : 'lanczos3'
  return sharp(Uint8ClampedArray.from(values), { raw: { width, height, channels } })
    .resize(newWidth, newHeight, { kernel, fit: 'fill' })
    .png()
    .toBuffer()
}
