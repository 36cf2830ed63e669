/** How the training went. */
import { formatCount, formatEpochs, formatPercent } from '../../core/format.js'
import { html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import type { Plot } from '../../page/plot.js'
import { hidden, table } from '../../page/tables.js'
import type { RunContent } from '../content.js'
import { rateLabel } from '../plots/curves.js'
import { plotFigure } from './figure.js'

/** Running statistics of momentum 0.99 need hundreds of steps. */
const lagging =
  ' Until the statistics of Batch Normalization are taken again, after the last epoch, held-out values of a short ' +
  'training fall behind.'

export function curvesSection({ run, history }: RunContent, plots: readonly Plot[]): Section {
  const held = history.some((row) => row.val_loss !== null)
  const { graph, record } = run
  const reestimated =
    record.recipe.reestimate > 0 && graph.nodes.some(({ op }) => op === 'batchNormalization')
  const explained = held
    ? 'Training values are means over an epoch, while the weights change; those of the images held out are taken ' +
      'at its end. In a well-behaved training both losses fall; held-out loss that rises again means overfitting.' +
      (reestimated ? lagging : '')
    : 'Values are means over an epoch, while the weights change. No images were held out: ' +
      '--set holdOut=5000 shows how the model does on images it does not learn from.'
  const columns = [
    { title: 'Epoch', number: true },
    { title: 'Loss', number: true },
    { title: 'Accuracy', number: true },
    ...(held
      ? [
          { title: 'Held-out loss', number: true },
          { title: 'Held-out accuracy', number: true },
        ]
      : []),
    { title: 'Last rate', number: true },
    { title: 'Images/s', number: true },
    { title: 'Seconds', number: true },
  ]
  const rows = history.map((row) => [
    formatEpochs(row.epoch),
    row.loss.toFixed(4),
    formatPercent(row.accuracy),
    ...(held
      ? [row.val_loss?.toFixed(4) ?? '', row.val_accuracy === null ? '' : formatPercent(row.val_accuracy)]
      : []),
    rateLabel(row.learning_rate),
    formatCount(row.images_per_second),
    row.seconds.toFixed(1),
  ])
  const body = html`<p>${explained}</p>
<div class="columns">${plots.map(plotFigure)}</div>
${hidden('Every epoch as a table', table(null, columns, rows))}`
  return { id: 'curves', title: 'Learning curves', body }
}
