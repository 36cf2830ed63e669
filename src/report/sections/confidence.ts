/** Whether the model's probabilities can be believed. */
import { formatCount, formatPercent } from '../../core/format.js'
import { html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { hidden, table } from '../../page/tables.js'
import type { RunContent } from '../content.js'
import { confidencePlot, reliabilityPlot } from '../plots/reliability.js'
import { plotFigure } from './figure.js'

export function confidenceSection({ test, scaled }: RunContent): Section {
  const { calibration, loss } = test
  const temperature =
    scaled === null
      ? 'No temperature was fitted: that takes images held out from training (--set holdOut=5000).'
      : `Dividing the logits by the temperature ${scaled.temperature.toFixed(3)}, fitted on ${scaled.fittedOn}, ` +
        `gives an error of ${formatPercent(scaled.ece)} and a loss of ${scaled.loss.toFixed(4)} (before: ${loss.toFixed(4)}).`
  const columns = [
    { title: 'Confidence' },
    ...['Images', 'Mean confidence', 'Accuracy'].map((title) => ({ title, number: true })),
  ]
  const rows = calibration.bins.map(({ from, to, n, confidence, accuracy }) => [
    `${formatPercent(from, 0)} to ${formatPercent(to, 0)}`,
    formatCount(n),
    confidence === null ? '' : formatPercent(confidence, 1),
    accuracy === null ? '' : formatPercent(accuracy, 1),
  ])
  const body = html`<p>Of the images that the model classifies with a confidence of 90 %, nine in ten should be right: then
its points lie on the diagonal. Below it the model is too sure of itself. The expected calibration error is
<strong>${formatPercent(calibration.ece)}</strong>. ${temperature}</p>
<div class="columns">${plotFigure(reliabilityPlot(calibration, scaled))}${plotFigure(confidencePlot(calibration))}</div>
${hidden('The bins as a table', table(null, columns, rows))}`
  return { id: 'confidence', title: 'Confidence', body }
}
