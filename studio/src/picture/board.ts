/** What pictures for files are drawn on: in light colours, so that they print, and sharp when they are enlarged. */
import { plotColor } from '../../../src/page/theme.js'
import { StudioError } from '../text/studio-error.js'
import type { Painting } from './paint.js'

/** Pixels of the file for one of the drawing. */
const SCALE = 2
const FONT = 'system-ui, "Segoe UI", Roboto, Arial, sans-serif'

interface Style {
  readonly bold?: boolean
  /** Of CSS. */
  readonly color?: string
  /** What of the text stands at x. */
  readonly align?: 'left' | 'center' | 'right'
  /** Upwards from its place. */
  readonly upright?: boolean
}

export class Board {
  private readonly canvas: OffscreenCanvas
  private readonly context: OffscreenCanvasRenderingContext2D

  /** All lengths are in pixels of the drawing. */
  constructor(width: number, height: number) {
    this.canvas = new OffscreenCanvas(SCALE * width, SCALE * height)
    const context = this.canvas.getContext('2d')
    if (context === null) throw new StudioError('noCanvas')
    this.context = context
    context.scale(SCALE, SCALE)
    context.imageSmoothingEnabled = false
    this.fill(0, 0, width, height, plotColor('surface'))
  }

  /** A line of text at x, above y. */
  write(text: string, x: number, y: number, style: Style = {}): void {
    const { bold = false, color = plotColor('ink'), align = 'left', upright = false } = style
    const { context } = this
    context.save()
    context.font = `${bold ? 'bold' : 'normal'} 14px ${FONT}`
    context.fillStyle = color
    context.textAlign = align
    context.translate(x, y)
    if (upright) context.rotate(-Math.PI / 2)
    context.fillText(text, 0, 0)
    context.restore()
  }

  fill(x: number, y: number, width: number, height: number, color: string): void {
    this.context.fillStyle = color
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
