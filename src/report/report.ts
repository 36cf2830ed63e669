/** The report of a run: one HTML file that shows what the model learned, and its plots as files. */
import { join } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { renderPage, type Section } from '../page/page.js'
import type { Plot } from '../page/plot.js'
import { sheetStyle, tileStyle } from '../page/sprite.js'
import { nameOfRun } from '../runs/run-folder.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { gatherContent, type RunContent } from './content.js'
import { type PlotFiles, REPORT_FILE } from './files.js'
import { classPlot } from './plots/classes.js'
import { confusionPlot } from './plots/confusion.js'
import { curvePlots, ratePlot } from './plots/curves.js'
import { confidencePlot, reliabilityPlot } from './plots/reliability.js'
import { classesSection } from './sections/classes.js'
import { confidenceSection } from './sections/confidence.js'
import { cellDialog, confusionSection } from './sections/confusion.js'
import { curvesSection } from './sections/curves.js'
import { hardwareSection } from './sections/hardware.js'
import { batchesSection, filtersSection } from './sections/learned.js'
import { mistakesSection } from './sections/mistakes.js'
import { summarySection } from './sections/summary.js'
import { writePlots } from './write-plots.js'

export interface ReportRequest {
  readonly run: TrainedModel
  readonly dataset: Dataset
  readonly engine: Engine
  /** Where to write it; by default into the run's folder, of released weights into the working directory. */
  readonly out?: string | undefined
  /** Also writes every plot as a file into this folder. */
  readonly plots?: PlotFiles | undefined
}

export interface WrittenReport {
  readonly file: string
  /** Paths of the plots' files. */
  readonly plots: readonly string[]
}

/**
 * Writes the report of a trained model.
 *
 * @throws AtelierError for other data than those it was trained on, and where the files cannot be written.
 */
export async function writeReport({
  run,
  dataset,
  engine,
  out,
  plots,
}: ReportRequest): Promise<WrittenReport> {
  const content = await gatherContent(run, dataset, engine)
  const file = out ?? (run.kind === 'run' ? join(run.directory, REPORT_FILE) : `report-${run.name}.html`)
  await writeFileAtomically(file, renderReport(content))
  return { file, plots: plots === undefined ? [] : await writePlots(plotsOf(content), plots) }
}

export function renderReport(content: RunContent): string {
  const { run, test } = content
  const { record } = run
  const sections: readonly (Section | null)[] = [
    summarySection(content),
    curvesSection(content, trainingPlots(content)),
    confusionSection(content),
    classesSection(test),
    confidenceSection(content),
    mistakesSection(content),
    batchesSection(content),
    filtersSection(content),
    hardwareSection(content),
  ]
  return renderPage({
    title: `${record.model}, recipe ${record.recipeName}, seed ${record.seed}`,
    subtitle: `Report of the run ${nameOfRun(run)}`,
    sections: sections.filter((section) => section !== null),
    css: stylesOf(content),
    rest: cellDialog(content),
    footer: `Written by Atelier ${record.machine.atelier}. This file needs no network and no other file.`,
  })
}

const stylesOf = ({ seen, seenSheet, mistakesSheet }: RunContent): string =>
  tileStyle(seen.tiles) + sheetStyle('mistakes', mistakesSheet) + sheetStyle('seen', seenSheet)

/** None where history.csv is lost. */
function trainingPlots({ history, rates }: RunContent): readonly Plot[] {
  const last = history.at(-1)
  return last === undefined ? [] : [...curvePlots(history), ratePlot(rates, last.epoch)]
}

function plotsOf(content: RunContent): readonly Plot[] {
  const { test, scaled } = content
  return [
    ...trainingPlots(content),
    confusionPlot(test),
    classPlot(test.perClass),
    reliabilityPlot(test.calibration, scaled),
    confidencePlot(test.calibration),
  ]
}
