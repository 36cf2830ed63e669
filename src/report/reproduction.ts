/** One page for several runs of the study's models: the published figures beside ours. */
import { join, relative, sep } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import { formatCount, formatEpochs, formatPercent, spokenDuration } from '../core/format.js'
import { atelierVersion } from '../core/version.js'
import { wilsonInterval } from '../evaluate/interval.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { models, publishedFigures, type StudyName } from '../models/index.js'
import { html } from '../page/html.js'
import { renderPage } from '../page/page.js'
import { pairs, table } from '../page/tables.js'
import type { EpochRow } from '../runs/formats/history.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import { readHistory } from '../runs/history.js'
import type { RunFolder } from '../runs/run-folder.js'
import { REPORT_FILE } from './files.js'
import { overlaidPlots, publishedPlot } from './plots/comparison.js'
import { plotFigure } from './sections/figure.js'

export interface ReproducedModel {
  readonly model: StudyName
  readonly run: RunFolder
  readonly metrics: RunMetrics
}

interface Reproduced extends ReproducedModel {
  readonly history: readonly EpochRow[]
}

/** Writes `report.html` into the folder that holds the runs, with links to theirs. Returns its path. */
export async function writeReproductionReport(
  directory: string,
  reproduced: readonly ReproducedModel[],
): Promise<string> {
  const withHistory = reproduced.map(async (one) => ({ ...one, history: await readHistory(one.run) }))
  const file = join(directory, REPORT_FILE)
  await writeFileAtomically(file, renderReproduction(directory, await Promise.all(withHistory)))
  return file
}

function renderReproduction(directory: string, reproduced: readonly Reproduced[]): string {
  const accuracies = reproduced.map(({ model, metrics }) => ({
    name: model,
    ours: metrics.test.accuracy,
    published: publishedFigures[model].testAccuracy,
  }))
  const compared = reproduced.map(({ model, history }) => ({ name: model, history }))
  const results = html`<p>Every model's accuracy beside the one that the study published. The interval is that of the
test images: with 95 % confidence the accuracy on others of their kind lies in it. Training accuracy is that of the
last epoch, while the weights change. Each model's name leads to the report of its run.</p>
${resultsTable(directory, reproduced)}
<div class="columns">${plotFigure(publishedPlot(accuracies))}${overlaidPlots(compared).map(plotFigure)}</div>`
  return renderPage({
    title: "The study's models, reproduced",
    subtitle: reproduced.map(({ model }) => model).join(', '),
    sections: [
      { id: 'results', title: 'Results', body: results },
      {
        id: 'runs',
        title: 'Runs and hardware',
        body: html`<div class="columns">${reproduced.map(runTable)}</div>`,
      },
    ],
    footer: `Written by Atelier ${atelierVersion()}. This file needs no network; its links lead to files beside it.`,
  })
}

function resultsTable(directory: string, reproduced: readonly Reproduced[]) {
  const columns = [
    { title: 'Model' },
    ...[
      'Test accuracy',
      '95 % interval',
      'Published',
      'Difference',
      'Training accuracy',
      'Published',
      'Epochs',
      'Published',
      'Parameters',
      'Time',
    ].map((title) => ({ title, number: true })),
  ]
  const rows = reproduced.map(({ model, run, metrics: { test, training } }) => {
    const published = publishedFigures[model]
    const { low, high } = wilsonInterval(test.correct, test.n)
    const points = 100 * (test.accuracy - published.testAccuracy)
    return [
      html`<a href="${linkTo(directory, run.directory)}">${model}</a>`,
      html`<strong>${formatPercent(test.accuracy)}</strong>`,
      `${(100 * low).toFixed(2)} to ${formatPercent(high)}`,
      formatPercent(published.testAccuracy),
      `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)} points`,
      formatPercent(training.accuracy),
      formatPercent(published.trainAccuracy),
      formatEpochs(training.epochs),
      published.epochs,
      formatCount(countParameters(weightsOf(run.graph)).parameters),
      spokenDuration(training.seconds),
    ]
  })
  return table('The published figures beside ours', columns, rows)
}

/** The run's report as a page beside it names it. */
function linkTo(directory: string, run: string): string {
  const parts = relative(directory, join(run, REPORT_FILE)).split(sep)
  return parts.map((part) => encodeURIComponent(part)).join('/')
}

function runTable({ model, run, metrics, history }: Reproduced) {
  const { record } = run
  const images = history.reduce((sum, row) => sum + row.images_per_second * row.seconds, 0)
  const { seconds } = metrics.training
  return pairs(`${model}: ${models[model].title}`, [
    ['Recipe', record.recipeName],
    ['Seed', String(record.seed)],
    ['Training images', formatCount(record.trainImages)],
    ['Test loss', metrics.test.loss.toFixed(4)],
    ['Precision', record.precision],
    ['Mean speed', seconds > 0 ? `${formatCount(Math.round(images / seconds))} images a second` : 'none'],
    ['Engine', record.engine.description],
    ['Processor', record.machine.cpu],
  ])
}
