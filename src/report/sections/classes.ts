/** How good the model is at each class. */
import { formatCount, formatPercent } from '../../core/format.js'
import { html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { table } from '../../page/tables.js'
import type { Evaluation } from '../../runs/formats/metrics.js'
import { classPlot } from '../plots/classes.js'
import { plotFigure } from './figure.js'

export function classesSection({ perClass, macro, n, correct }: Evaluation): Section {
  const columns = [
    { title: 'Class' },
    ...['Images', 'Right', 'Precision', 'Recall', 'F1'].map((title) => ({ title, number: true })),
  ]
  const rows = perClass.map((metrics) => [
    metrics.name,
    formatCount(metrics.n),
    formatCount(metrics.correct),
    formatPercent(metrics.precision, 1),
    formatPercent(metrics.recall, 1),
    formatPercent(metrics.f1, 1),
  ])
  const all = [
    'All, or mean',
    formatCount(n),
    formatCount(correct),
    formatPercent(macro.precision, 1),
    formatPercent(macro.recall, 1),
    formatPercent(macro.f1, 1),
  ]
  const body = html`<p>Precision: of the images given this class, how many are of it. Recall: of the images of this
class, how many were given it. F1: the harmonic mean of both.</p>
<div class="columns">${plotFigure(classPlot(perClass))}<div>${table('Scores by class', columns, [...rows, all])}</div></div>`
  return { id: 'classes', title: 'Classes', body }
}
