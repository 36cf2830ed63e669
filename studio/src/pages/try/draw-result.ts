/** What models say of an image, as one picture. */
import { plotColor } from '../../../../src/page/theme.js'
import type { Answer } from '../../inference/predict.js'
import { Board } from '../../picture/board.js'
import { paintGray, paintHeat } from '../../picture/paint.js'

export interface Column extends Pick<Answer, 'probabilities' | 'label'> {
  readonly name: string
}

export interface ResultPicture {
  readonly pixels: Uint8Array
  readonly title: string
  readonly heats: readonly { readonly values: ArrayLike<number>; readonly title: string }[]
  readonly columns: readonly Column[]
  readonly nameOf: (label: number) => string
  readonly percent: (share: number) => string
}

const [MARGIN, IMAGE, NAMES, COLUMN, ROW, TOP] = [32, 224, 120, 150, 26, 72] as const
/** Between titles and what stands below them. */
const TITLE = 22

export function drawResult(result: ResultPicture): Promise<Blob> {
  const { pixels, heats, title, columns } = result
  const left = MARGIN + (1 + heats.length) * (IMAGE + MARGIN)
  const rows = columns[0]?.probabilities.length ?? 0
  const width = left + NAMES + columns.length * COLUMN + MARGIN
  const board = new Board(width, Math.max(TOP + IMAGE, TOP + rows * ROW) + MARGIN)
  const paintings = [
    { title, painting: paintGray(pixels, 28, 28) },
    ...heats.map((heat) => ({ title: heat.title, painting: paintHeat(pixels, heat.values, 28, 28) })),
  ]
  paintings.forEach((one, i) => {
    const x = MARGIN + i * (IMAGE + MARGIN)
    board.write(one.title, x, TOP - TITLE, { bold: true })
    board.paint(one.painting, x, TOP, IMAGE)
  })
  drawBars(board, result, left)
  return board.toPng()
}

function drawBars(board: Board, { columns, nameOf, percent }: ResultPicture, left: number): void {
  const labels = Array.from({ length: columns[0]?.probabilities.length ?? 0 }, (_, label) => label)
  for (const label of labels) board.write(nameOf(label), left, TOP + label * ROW + 17)
  columns.forEach(({ name, probabilities, label: best }, i) => {
    const x = left + NAMES + i * COLUMN
    board.write(name, x, TOP - TITLE, { bold: true })
    for (const label of labels) {
      const share = probabilities[label] as number
      const y = TOP + label * ROW
      const length = Math.max(1, share * (COLUMN - 80))
      board.fill(x, y + 4, length, ROW - 8, plotColor(label === best ? 'vermilion' : 'blue'))
      board.write(percent(share), x + length + 6, y + 17, { color: plotColor('muted') })
    }
  })
}
