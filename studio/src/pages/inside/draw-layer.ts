/** What a layer makes of an image, as one picture. */
import { plotColor } from '../../../../src/page/theme.js'
import { Board } from '../../picture/board.js'
import { paintGray } from '../../picture/paint.js'
import type { Content } from './content.js'

export interface LayerPicture {
  readonly pixels: Uint8Array
  readonly title: string
  /** Of the layer: its model, its name, its shape. */
  readonly heading: string
  readonly content: Content
  readonly nameOf: (label: number) => string
  readonly decimal: (value: number) => string
}

const [MARGIN, IMAGE, TOP, ROW] = [32, 168, 92, 26] as const
/** Where the layer's part begins, and how wide it is. */
const [LEFT, ACROSS] = [2 * MARGIN + IMAGE, 720] as const
/** Channels in a row, and between two of them. */
const [COLUMNS, GAP] = [8, 8] as const
const CELL = (ACROSS - (COLUMNS - 1) * GAP) / COLUMNS

export function drawLayer(picture: LayerPicture): Promise<Blob> {
  const { content, decimal } = picture
  const board = new Board(LEFT + ACROSS + MARGIN, TOP + Math.max(IMAGE, heightOf(content)) + MARGIN)
  board.write(picture.title, MARGIN, 44, { bold: true })
  board.paint(paintGray(picture.pixels, 28, 28), MARGIN, TOP, IMAGE)
  board.write(picture.heading, LEFT, 44, { bold: true })
  if (content.kind === 'logits') drawLogits(board, picture, content.values)
  else {
    const { signed, largest } = content.scale
    board.write(`${decimal(signed ? -largest : 0)} … ${decimal(largest)}`, LEFT, 68, {
      color: plotColor('muted'),
    })
    if (content.kind === 'units') board.paint(content.painting, LEFT, TOP, ACROSS)
    else
      content.paintings.forEach((painting, i) => {
        const [row, column] = [Math.floor(i / COLUMNS), i % COLUMNS]
        board.paint(painting, LEFT + column * (CELL + GAP), TOP + row * (CELL + GAP), CELL)
      })
  }
  return board.toPng()
}

function heightOf(content: Content): number {
  if (content.kind === 'logits') return content.values.length * ROW
  if (content.kind === 'units') return (ACROSS * content.painting.height) / content.painting.width
  return Math.ceil(content.paintings.length / COLUMNS) * (CELL + GAP) - GAP
}

function drawLogits(board: Board, { nameOf, decimal }: LayerPicture, values: Float32Array): void {
  const best = values.indexOf(Math.max(...values))
  values.forEach((value, label) => {
    const y = TOP + label * ROW + 17
    const style = label === best ? { bold: true, color: plotColor('vermilion') } : {}
    board.write(nameOf(label), LEFT, y, style)
    board.write(decimal(value), LEFT + 140, y, style)
  })
}
