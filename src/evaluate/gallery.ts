/** A picture of the test images that one of two models classifies rightly and the other wrongly. */
import { writeFileAtomically } from '../core/files.js'
import { formatCount } from '../core/format.js'
import { argmax, confidenceOf, rightOnes, rowOf } from '../core/logits.js'
import type { Dataset } from '../data/dataset.js'
import { CAPTION_HEIGHT, Canvas } from '../picture/canvas.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import { compareRight } from './compare.js'

const COLUMNS = 5
/** At most so many images of each kind: four rows. */
const SHOWN = 20
/** Pixels: a cell's width, its image's longer side (about), between lines of captions, around all. */
const CELL = 240
const IMAGE_SIDE = 140
const LEADING = CAPTION_HEIGHT + 6
const MARGIN = 28
const FRAME_GREY = 0xb8

export interface NamedPredictions {
  /** As captions call it: A, B. */
  readonly id: string
  readonly name: string
  readonly predictions: LabelledLogits
}

/**
 * Writes a PNG of two parts: images that the first alone has right, and those that the second alone has right, the
 * 20 of each of whose wrong class the other is surest. Under each stand its index and true class, then what both
 * made of it and how sure they were, 0 to 1.
 *
 * @throws AtelierError where the file cannot be written.
 */
export async function writeGallery(
  file: string,
  dataset: Dataset,
  first: NamedPredictions,
  second: NamedPredictions,
): Promise<void> {
  await writeFileAtomically(file, await renderGallery(dataset, first, second))
}

/** The PNG's bytes. */
export function renderGallery(
  dataset: Dataset,
  first: NamedPredictions,
  second: NamedPredictions,
): Promise<Buffer> {
  const pair = compareRight(rightOf(first), rightOf(second))
  const parts = [
    {
      title: titleOf(first, second, pair.onlyFirstRight.length),
      images: surest(second, pair.onlyFirstRight),
    },
    {
      title: titleOf(second, first, pair.onlySecondRight.length),
      images: surest(first, pair.onlySecondRight),
    },
  ]
  const layout = layoutOf(dataset)
  const rows = parts.reduce((sum, { images }) => sum + Math.ceil(images.length / COLUMNS), 0)
  const titles = parts.length * (LEADING + MARGIN)
  const canvas = new Canvas(
    2 * MARGIN + COLUMNS * layout.cellWidth,
    MARGIN + titles + rows * layout.cellHeight,
  )
  let top = MARGIN
  for (const { title, images } of parts) {
    canvas.drawCaption(title, { centre: canvas.width / 2, top, room: canvas.width - 2 * MARGIN })
    top += LEADING + MARGIN
    images.forEach((image, index) => {
      const left = MARGIN + (index % COLUMNS) * layout.cellWidth
      const place = { left, top: top + Math.floor(index / COLUMNS) * layout.cellHeight }
      const pixels = dataset.test.images.subarray(image * dataset.height * dataset.width)
      drawCell(canvas, layout, place, pixels, captionsOf(image, dataset, [first, second]))
    })
    top += Math.ceil(images.length / COLUMNS) * layout.cellHeight
  }
  return canvas.png()
}

interface Layout {
  /** Pixels of an image's pixel. */
  readonly scale: number
  readonly width: number
  readonly height: number
  readonly cellWidth: number
  readonly cellHeight: number
}

function layoutOf({ width, height }: Dataset): Layout {
  const scale = Math.max(1, Math.round(IMAGE_SIDE / Math.max(height, width)))
  return {
    scale,
    width,
    height,
    cellWidth: Math.max(CELL, width * scale + MARGIN),
    cellHeight: height * scale + 3 * LEADING + MARGIN,
  }
}

/** An image and, below it, its captions, all about the cell's middle. */
function drawCell(
  canvas: Canvas,
  { scale, width, height, cellWidth }: Layout,
  { left, top }: { readonly left: number; readonly top: number },
  pixels: Uint8Array,
  captions: readonly string[],
): void {
  const centre = left + cellWidth / 2
  const edge = Math.round(centre - (width * scale) / 2)
  canvas.fill(edge - 1, top - 1, width * scale + 2, height * scale + 2, FRAME_GREY)
  canvas.drawImage(pixels, { left: edge, top, width, height, scale })
  captions.forEach((caption, line) => {
    canvas.drawCaption(caption, {
      centre,
      top: top + height * scale + 8 + line * LEADING,
      room: cellWidth - 10,
    })
  })
}

function titleOf(right: NamedPredictions, wrong: NamedPredictions, count: number): string {
  const shown = count > SHOWN ? `, ${SHOWN} shown` : ''
  const images = `${formatCount(count)} ${count === 1 ? 'image' : 'images'}${shown}`
  return `${right.id} (${right.name}) right, ${wrong.id} (${wrong.name}) wrong: ${images}`
}

const rightOf = ({ predictions: { logits, labels } }: NamedPredictions): readonly boolean[] =>
  rightOnes(logits, labels)

/** The images of whose class a model is surest, the surest first. */
function surest({ predictions }: NamedPredictions, images: readonly number[]): readonly number[] {
  const sure = (image: number): number => confidenceOf(logitsOf(predictions, image))
  return [...images].sort((a, b) => sure(b) - sure(a)).slice(0, SHOWN)
}

function captionsOf(
  image: number,
  { classes, test }: Dataset,
  models: readonly NamedPredictions[],
): readonly string[] {
  const answers = models.map(({ id, predictions }) => {
    const row = logitsOf(predictions, image)
    return `${id}: ${classes[argmax(row)]} ${confidenceOf(row).toFixed(2)}`
  })
  return [`${image}: ${classes[test.labels[image] as number]}`, ...answers]
}

const logitsOf = ({ logits, count }: LabelledLogits, image: number): Float32Array =>
  rowOf(logits, image, logits.length / count)
