/** A chart as a picture, with its title, in the colours that it has on the page. */
import type { EChartsType } from 'echarts/core'
import { download } from '../picture/download.js'
import { StudioError } from '../text/studio-error.js'

/** Pixels of the picture for one of the page. */
const SCALE = 2
const HEAD = 44

export function saveChart(chart: EChartsType, title: string): void {
  const { color, backgroundColor, fontFamily } = getComputedStyle(document.body)
  const drawn = chart.renderToCanvas({ pixelRatio: SCALE, backgroundColor })
  const canvas = document.createElement('canvas')
  canvas.width = drawn.width
  canvas.height = drawn.height + SCALE * HEAD
  const context = canvas.getContext('2d')
  if (context === null) throw new StudioError('noCanvas')
  context.fillStyle = backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = color
  context.font = `600 ${SCALE * 16}px ${fontFamily}`
  context.fillText(title, SCALE * 12, SCALE * 28)
  context.drawImage(drawn, 0, SCALE * HEAD)
  canvas.toBlob((blob) => {
    if (blob !== null) download(blob, title)
  })
}
