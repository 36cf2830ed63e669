/** The grid of sample images with their classes, as a PNG. */
import { writeFileAtomically } from '../core/files.js'
import type { Dataset } from '../data/dataset.js'
import { CAPTION_HEIGHT, Canvas } from './canvas.js'

const ROWS = 5
const COLUMNS = 5
/** Pixels: the length that the longer side of an image is scaled up to, about; spaces; the frame's grey. */
const IMAGE_SIDE = 140
const GAP = 20
const MARGIN = 28
const CAPTION_SPACE = 10
const FRAME_GREY = 0xb8

/**
 * Writes the first 25 training images, 5 x 5 row by row, each over its class name, as a greyscale PNG. Ink is
 * dark on white, as the study prints them; images are enlarged by a whole factor with sharp pixels.
 *
 * @throws AtelierError when `file` cannot be written.
 */
export async function writeGrid(dataset: Dataset, file: string): Promise<void> {
  await writeFileAtomically(file, await renderGrid(dataset))
}

/** The PNG's bytes. */
export async function renderGrid({ height, width, classes, train }: Dataset): Promise<Buffer> {
  const scale = Math.max(1, Math.round(IMAGE_SIDE / Math.max(height, width)))
  const [cellWidth, cellHeight] = [width * scale, height * scale]
  const captionHeight = CAPTION_SPACE + CAPTION_HEIGHT
  const canvas = new Canvas(
    2 * MARGIN + COLUMNS * cellWidth + (COLUMNS - 1) * GAP,
    2 * MARGIN + ROWS * (cellHeight + captionHeight) + (ROWS - 1) * GAP,
  )
  for (let index = 0; index < Math.min(ROWS * COLUMNS, train.count); index++) {
    const left = MARGIN + (index % COLUMNS) * (cellWidth + GAP)
    const top = MARGIN + Math.floor(index / COLUMNS) * (cellHeight + captionHeight + GAP)
    canvas.fill(left - 1, top - 1, cellWidth + 2, cellHeight + 2, FRAME_GREY)
    canvas.drawImage(train.images.subarray(index * height * width), { height, width, left, top, scale })
    const name = classes[train.labels[index] as number] as string
    const place = { centre: left + cellWidth / 2, top: top + cellHeight + CAPTION_SPACE }
    canvas.drawCaption(name, { ...place, room: cellWidth + GAP })
  }
  return canvas.png()
}
