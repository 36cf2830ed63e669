/** A plot in a page. */
import { drawSvg } from '../../page/chart.js'
import { type Html, html, trusted } from '../../page/html.js'
import type { Plot } from '../../page/plot.js'
import { themed } from '../../page/theme.js'

export const plotFigure = (plot: Plot): Html =>
  html`<figure class="plot"><figcaption>${plot.title}</figcaption>${trusted(themed(drawSvg(plot)))}</figure>`
