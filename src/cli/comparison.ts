/** Compares runs by their names: finds them, scores what was not scored yet, prints what differs. */
import { mismatch, UsageError } from '../core/errors.js'
import type { Dataset } from '../data/dataset.js'
import { type Candidate, type Comparison, compareRuns } from '../evaluate/compare.js'
import { formatComparison } from '../evaluate/comparison-text.js'
import { predictionsOf } from '../evaluate/predictions.js'
import { type StudyName, studyNames } from '../models/names.js'
import type { PlotFiles } from '../report/files.js'
import { readHistory } from '../runs/history.js'
import { openTrained } from '../runs/open-trained.js'
import { readMetrics } from '../runs/read-metrics.js'
import { nameOfRun, type RunFolder } from '../runs/run-folder.js'
import type { TrainedModel } from '../runs/trained-model.js'
import type { ResourceFlags } from './options.js'
import { type PlotFlags, wantedPlots } from './plot-flags.js'
import { openResourcesOf, warnOfOtherData } from './resources.js'

export interface CompareFlags extends PlotFlags, ResourceFlags {
  readonly show?: string
}

/** The argument that stands for the study's figures. */
const PUBLISHED = 'published'
/** A letter each. */
const MOST_RUNS = 26

export async function compare(names: readonly string[], flags: CompareFlags): Promise<void> {
  const wanted = names.filter((name) => name !== PUBLISHED)
  checkCount(names, wanted, flags)
  const plotFiles = wantedPlots(flags)
  if (plotFiles) await checkOverlay(wanted)
  const runs: TrainedModel[] = []
  for (const name of wanted) runs.push(await openTrained(name))
  const published = names.length > wanted.length ? publishedFor(runs) : []
  const { candidates, dataset, engine } = await predictAll(runs, flags)
  const comparison: Comparison = { n: dataset?.test.count ?? 0, ...compareRuns(candidates, published) }
  if (flags.show !== undefined && dataset) await show(flags.show, dataset, candidates)
  const plots = plotFiles ? await overlay(runs, comparison, plotFiles) : []
  if (flags.json) {
    const files = { show: flags.show ?? null, plots }
    const answer = { data: dataset?.directory ?? null, engine, ...comparison, ...files }
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
    return
  }
  process.stdout.write(formatComparison(comparison))
  if (flags.show !== undefined) process.stderr.write(`Images: ${flags.show}\n`)
  if (plots.length > 0) process.stderr.write(`Learning curves: ${plots.join(', ')}\n`)
}

function checkCount(names: readonly string[], runs: readonly string[], { show }: CompareFlags): void {
  if (names.length < 2) {
    const hint = `Add another run, a model's name or '${PUBLISHED}'`
    throw new UsageError(mismatch('compare', 'two or more to compare', names.join(' ') || 'none', hint))
  }
  if (runs.length > MOST_RUNS) {
    throw new UsageError(mismatch('compare', `${MOST_RUNS} runs at most`, String(runs.length)))
  }
  if (show !== undefined && runs.length !== 2) {
    throw new UsageError(mismatch('--show', 'two runs to draw the differences of', String(runs.length)))
  }
}

/** The study's models among those of the runs, else all. */
function publishedFor(runs: readonly RunFolder[]): readonly StudyName[] {
  const compared = studyNames.filter((name) =>
    runs.some(({ record }) => record.source === null && record.model === name),
  )
  return compared.length > 0 ? compared : studyNames
}

/** All runs' logits of the same test images; without runs neither data nor an engine are needed. */
async function predictAll(
  runs: readonly TrainedModel[],
  flags: CompareFlags,
): Promise<{ candidates: readonly Candidate[]; dataset: Dataset | null; engine: string | null }> {
  if (runs.length === 0) return { candidates: [], dataset: null, engine: null }
  const { dataset, engine } = await openResourcesOf(runs, flags)
  const candidates: Candidate[] = []
  for (const run of runs) {
    warnOfOtherData(run, dataset)
    const predictions = await predictionsOf(run, 'test', { dataset, engine })
    candidates.push({ run, metrics: await readMetrics(run), predictions })
  }
  return { candidates, dataset, engine: engine.name }
}

async function show(file: string, dataset: Dataset, candidates: readonly Candidate[]): Promise<void> {
  const { writeGallery } = await import('../evaluate/gallery.js')
  const [first, second] = candidates.map(({ run, predictions }, index) => ({
    id: index === 0 ? 'A' : 'B',
    name: nameOfRun(run),
    predictions,
  }))
  if (first && second) await writeGallery(file, dataset, first, second)
}

async function checkOverlay(runs: readonly string[]): Promise<void> {
  const { MOST_OVERLAID } = await import('../report/plots/overlay.js')
  if (runs.length >= 1 && runs.length <= MOST_OVERLAID) return
  throw new UsageError(mismatch('--plots', `1 to ${MOST_OVERLAID} runs to draw`, String(runs.length)))
}

async function overlay(
  runs: readonly RunFolder[],
  comparison: Comparison,
  files: PlotFiles,
): Promise<readonly string[]> {
  const [{ overlayPlots }, { writePlots }] = await Promise.all([
    import('../report/plots/overlay.js'),
    import('../report/write-plots.js'),
  ])
  const histories = runs.map(async (run, index) => ({
    // Short enough for five beside each other.
    name: `${comparison.runs[index]?.id} ${[...run.record.model].slice(0, 12).join('')}`,
    history: await readHistory(run),
  }))
  return writePlots(overlayPlots(await Promise.all(histories)), files)
}
