/** The page's result as one picture, in light colours so that it prints. */
import { plotColor } from '../../../../src/report/theme.js'
import type { Answer } from '../../inference/predict.js'
import { type Painting, paintGray, paintHeat } from '../../picture/paint.js'

export interface ResultPicture {
  readonly pixels: Uint8Array
  readonly title: string
  readonly heat: { readonly values: ArrayLike<number>; readonly title: string } | null
  readonly columns: readonly (Pick<Answer, 'probabilities' | 'label'> & { readonly name: string })[]
  readonly nameOf: (label: number) => string
  readonly percent: (share: number) => string
}

/** Pixels of the drawing, of which the file has two for one. */
const [MARGIN, IMAGE, NAMES, COLUMN, ROW, TOP] = [32, 224, 120, 150, 26, 72] as const
const SCALE = 2
const FONT = 'system-ui, "Segoe UI", Roboto, Arial, sans-serif'

export async function drawResult(result: ResultPicture): Promise<Blob> {
  const { pixels, heat, title, columns } = result
  const images = heat === null ? 1 : 2
  const left = MARGIN + images * (IMAGE + MARGIN)
  const rows = columns[0]?.probabilities.length ?? 0
  const width = left + NAMES + columns.length * COLUMN + MARGIN
  const height = Math.max(TOP + IMAGE, TOP + rows * ROW) + MARGIN
  const canvas = new OffscreenCanvas(SCALE * width, SCALE * height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser draws no pictures.')
  context.scale(SCALE, SCALE)
  context.fillStyle = plotColor('surface')
  context.fillRect(0, 0, width, height)
  write(context, title, MARGIN, TOP - 22, 'bold')
  drawPainting(context, paintGray(pixels, 28, 28), MARGIN, TOP)
  if (heat !== null) {
    write(context, heat.title, 2 * MARGIN + IMAGE, TOP - 22, 'bold')
    drawPainting(context, paintHeat(pixels, heat.values, 28, 28), 2 * MARGIN + IMAGE, TOP)
  }
  drawBars(context, result, left)
  return canvas.convertToBlob({ type: 'image/png' })
}

type Context = OffscreenCanvasRenderingContext2D

function write(context: Context, text: string, x: number, y: number, weight = 'normal', color = 'ink'): void {
  context.font = `${weight} 14px ${FONT}`
  context.fillStyle = plotColor(color === 'ink' ? 'ink' : 'muted')
  context.fillText(text, x, y)
}

function drawPainting(context: Context, { width, height, data }: Painting, x: number, y: number): void {
  const small = new OffscreenCanvas(width, height)
  small.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(small, x, y, IMAGE, IMAGE)
}

function drawBars(context: Context, { columns, nameOf, percent }: ResultPicture, left: number): void {
  const labels = Array.from({ length: columns[0]?.probabilities.length ?? 0 }, (_, label) => label)
  for (const label of labels) write(context, nameOf(label), left, TOP + label * ROW + 17)
  columns.forEach(({ name, probabilities, label: best }, i) => {
    const x = left + NAMES + i * COLUMN
    write(context, name, x, TOP - 22, 'bold')
    for (const label of labels) {
      const share = probabilities[label] as number
      const y = TOP + label * ROW
      const length = Math.max(1, share * (COLUMN - 80))
      context.fillStyle = plotColor(label === best ? 'vermilion' : 'blue')
      context.fillRect(x, y + 4, length, ROW - 8)
      write(context, percent(share), x + length + 6, y + 17, 'normal', 'muted')
    }
  })
}
