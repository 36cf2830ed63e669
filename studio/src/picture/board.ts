/** What pictures for files are drawn on: in light colours, so that they print, and sharp when they are enlarged. */
import { type ColorName, plotColor } from '../../../src/report/theme.js'
import type { Painting } from './paint.js'

/** Pixels of the file for one of the drawing. */
const SCALE = 2
const FONT = 'system-ui, "Segoe UI", Roboto, Arial, sans-serif'

interface Style {
  readonly bold?: boolean
  readonly color?: ColorName
}

export class Board {
  private readonly canvas: OffscreenCanvas
  private readonly context: OffscreenCanvasRenderingContext2D

  /** All lengths are in pixels of the drawing. */
  constructor(width: number, height: number) {
    this.canvas = new OffscreenCanvas(SCALE * width, SCALE * height)
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('This browser draws no pictures.')
    this.context = context
    context.scale(SCALE, SCALE)
    context.imageSmoothingEnabled = false
    this.fill(0, 0, width, height, 'surface')
  }

  /** A line of text from x on, above y. */
  write(text: string, x: number, y: number, { bold = false, color = 'ink' }: Style = {}): void {
    this.context.font = `${bold ? 'bold' : 'normal'} 14px ${FONT}`
    this.context.fillStyle = plotColor(color)
    this.context.fillText(text, x, y)
  }

  fill(x: number, y: number, width: number, height: number, color: ColorName): void {
    this.context.fillStyle = plotColor(color)
    this.context.fillRect(x, y, width, height)
  }

  /** A painting, enlarged to a width. */
  paint({ width, height, data }: Painting, x: number, y: number, across: number): void {
    const small = new OffscreenCanvas(width, height)
    small.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
    this.context.drawImage(small, x, y, across, (across * height) / width)
  }

  toPng(): Promise<Blob> {
    return this.canvas.convertToBlob({ type: 'image/png' })
  }
}
