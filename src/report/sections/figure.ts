/** A plot in a page. */
import { drawSvg } from '../chart.js'
import { type Html, html, trusted } from '../html.js'
import type { Plot } from '../plot.js'
import { themed } from '../theme.js'

export const plotFigure = (plot: Plot): Html =>
  html`<figure class="plot"><figcaption>${plot.title}</figcaption>${trusted(themed(drawSvg(plot)))}</figure>`
