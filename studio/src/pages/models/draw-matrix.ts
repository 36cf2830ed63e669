/** A confusion matrix as a picture. */
import { heat, heatStep, heatTurn, plotColor } from '../../../../src/page/theme.js'
import { Board } from '../../picture/board.js'

export interface MatrixPicture {
  readonly title: string
  /** By true class, by predicted class. */
  readonly counts: readonly (readonly number[])[]
  readonly nameOf: (label: number) => string
}

const [MARGIN, NAMES, CELL, GAP] = [32, 120, 48, 1] as const
/** Of the matrix itself: below the title and the names of the columns. */
const [LEFT, TOP] = [MARGIN + NAMES, 176] as const

export function drawMatrix({ title, counts, nameOf }: MatrixPicture): Promise<Blob> {
  const edge = counts.length * CELL
  const board = new Board(LEFT + edge + MARGIN, TOP + edge + MARGIN)
  board.write(title, MARGIN, 44, { bold: true })
  counts.forEach((row, truth) => {
    const all = row.reduce((sum, count) => sum + count, 0)
    const y = TOP + truth * CELL
    board.write(nameOf(truth), LEFT - 10, y + 29, { align: 'right' })
    board.write(nameOf(truth), LEFT + truth * CELL + 29, TOP - 10, { upright: true })
    row.forEach((count, predicted) => {
      const x = LEFT + predicted * CELL
      const step = heatStep(all === 0 ? 0 : count / all)
      board.fill(x, y, CELL - GAP, CELL - GAP, heat[step]?.light ?? plotColor('surface'))
      const color = plotColor(step >= heatTurn ? 'surface' : 'ink')
      if (count > 0) board.write(String(count), x + CELL / 2, y + 29, { align: 'center', color })
    })
  })
  return board.toPng()
}
