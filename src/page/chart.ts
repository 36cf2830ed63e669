/** Draws plots by ECharts without a browser: SVG text, and PNG from it. */
import { init } from './echarts.js'
import { escapeHtml } from './html.js'
import type { Plot } from './plot.js'
import { plotColor } from './theme.js'

/** The plot as one SVG element, in light colours on no ground. */
export function drawSvg({ name, alt, width, height, option }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'sans-serif' }, ...option })
    return tidied(chart.renderToSVGString(), name, alt)
  } finally {
    // It would keep a timer, and so the process.
    chart.dispose()
  }
}

/** Takes out what only a live chart needs, and numbers that grow with every plot of the process. */
function tidied(svg: string, name: string, alt: string): string {
  return (
    svg
      .replace(/<style[\s\S]*?<\/style>/g, '')
      .replace(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
      // What is drawn without being seen: the grounds of legends, and colours of lines and clips that have no area.
      .replace(/<path [^>]*fill-opacity="0"[^>]*><\/path>\n/g, '')
      .replaceAll(' fill="#000"', '')
      .replace(/zr\d+-/g, `${name}-`)
      .replace(/\n+/g, '\n')
      .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(alt)}" `)
  )
}

/** The plot as a file of its own: on white, so that it can be read wherever it is shown. */
export function standaloneSvg(plot: Plot): string {
  return `${drawSvg(plot).replace(' fill="none">', ` fill="${plotColor('surface')}">`)}\n`
}

/** Pixels of the PNG for one of the plot. */
const PNG_SCALE = 3

export async function drawPng(plot: Plot): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  // An SVG's pixel is a 72nd of an inch there.
  return sharp(Buffer.from(standaloneSvg(plot)), { density: 72 * PNG_SCALE })
    .png({ palette: true })
    .toBuffer()
}
