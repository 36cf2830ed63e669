/** The main job: every model trained by its recipe (or taken up where it was stopped), scored, tabulated. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import { formatCount, formatDuration, formatPercent } from '../core/format.js'
import { scoreRun } from '../evaluate/score.js'
import { models, publishedFigures, type StudyName, studyNames } from '../models/index.js'
import { namedRecipe } from '../recipes/index.js'
import { isReported } from '../report/files.js'
import type { ReproducedModel } from '../report/reproduction.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import { readRunMetrics } from '../runs/read-metrics.js'
import { checkEmpty, isScored, type RunFolder } from '../runs/run-folder.js'
import { estimateSeconds } from '../train/estimate.js'
import { Interrupted } from '../train/loop.js'
import { checkResumable, prepareRun } from '../train/prepare.js'
import { orWarn, reportAtEnd } from './final-report.js'
import { evaluateReleased, type ReleasedResult, releasedTable } from './released.js'
import { type Budget, DEFAULT_MINUTES, planSteps, readBudget, writeBudget } from './reproduction-budget.js'
import type { ReproduceFlags } from './reproduction-flags.js'
import { commandOf, directoryFor, recipeFor, runIn, unfinishedRun } from './reproduction-folder.js'
import { resultOf, tableOf } from './reproduction-table.js'
import { flagsOfRun, openResources, type Resources } from './resources.js'
import { trainVisibly } from './training.js'

const note = (line = ''): void => {
  process.stderr.write(`${line}\n`)
}

export async function reproduce(flags: ReproduceFlags): Promise<void> {
  const directory = directoryFor(flags, note)
  if (flags.fresh) await checkEmpty(directory)
  const begun = await unfinishedRun(directory, flags)
  const resources = await openResources(begun === null ? flags : flagsOfRun(begun, flags))
  const { slow } = resources.engine
  // The reference engine would need days for the convolutional nets: they are done when asked for.
  const chosen = flags.models ?? (slow ? (['nn', 'dnn'] as const) : studyNames)
  const { released, steps } = await prepare(directory, chosen, flags, resources)
  const reproduced: ReproducedModel[] = []
  for (const [index, model] of chosen.entries()) {
    note(`\n${index + 1}/${chosen.length}  ${model}: ${models[model].title}`)
    const run =
      (await runIn(directory, model, flags)) ??
      (await newRun(join(directory, model), model, steps?.[model] ?? null, flags, resources))
    reproduced.push(await finish(model, run, resources, commandOf(flags)))
  }
  await conclude(directory, released, reproduced, flags)
  const left = studyNames.filter((name) => !chosen.includes(name))
  if (slow && flags.models === undefined) await explainMissing(left, flags, resources)
  note(`\nRuns, weights and this table: ${directory}`)
}

interface Preparation {
  /** Null where it was shown when the reproduction began. */
  readonly released: readonly ReleasedResult[] | null
  /** Null: those of the recipe's epochs. */
  readonly steps: Budget['steps'] | null
}

/** What comes before the first training: the released weights' figures and, within a budget, the numbers of steps. */
async function prepare(
  directory: string,
  chosen: readonly StudyName[],
  flags: ReproduceFlags,
  resources: Resources,
): Promise<Preparation> {
  if (flags.profile !== undefined) {
    const released = existsSync(directory) ? null : await showReleased(flags, resources)
    return { released, steps: null }
  }
  const begun = await readBudget(directory, flags.minutes)
  const waiting = chosen.filter((model) => begun?.steps[model] === undefined)
  const released = begun === null ? await showReleased(flags, resources) : null
  if (waiting.length === 0) return { released, steps: begun?.steps ?? {} }
  const minutes = begun?.minutes ?? flags.minutes ?? DEFAULT_MINUTES
  const steps = { ...begun?.steps, ...(await planSteps(waiting, minutes, resources, note)) }
  await writeBudget(directory, { minutes, steps })
  return { released, steps }
}

async function showReleased(flags: ReproduceFlags, resources: Resources): Promise<readonly ReleasedResult[]> {
  note(`Scoring the released weights on the ${formatCount(resources.dataset.test.count)} test images`)
  const released = await evaluateReleased(flags.models ?? studyNames, resources)
  if (!flags.json) process.stdout.write(`\n${releasedTable(released)}\n`)
  return released
}

function newRun(
  directory: string,
  model: StudyName,
  maxSteps: number | null,
  flags: ReproduceFlags,
  { dataset, engine }: Resources,
): Promise<RunFolder> {
  const recipeName = recipeFor(flags)
  return prepareRun({
    directory,
    model,
    source: null,
    graph: models[model].build(),
    recipeName,
    recipe: namedRecipe(recipeName, model),
    settings: [],
    seed: flags.seed,
    limit: null,
    maxSteps,
    dataset,
    engine,
  })
}

/** Trains and scores a run as far as it is not done yet. */
async function finish(
  model: StudyName,
  run: RunFolder,
  resources: Resources,
  again: string,
): Promise<ReproducedModel> {
  const { dataset, engine } = resources
  const metrics = isScored(run) ? await readRunMetrics(run) : await trainAndScore(run, resources, again)
  if (!isReported(run)) await reportAtEnd(run, dataset, engine)
  const [ours, published] = [metrics.test.accuracy, publishedFigures[model].testAccuracy].map((share) =>
    formatPercent(share),
  )
  note(`Test accuracy ${ours}, published ${published}`)
  return { model, run, metrics }
}

async function trainAndScore(
  run: RunFolder,
  { dataset, engine }: Resources,
  again: string,
): Promise<RunMetrics> {
  await checkResumable(run, dataset, engine, false)
  const trained = await trainVisibly(run, dataset, engine).catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error
    throw new Interrupted(`Stopped with a checkpoint. Continue with: ${again}`)
  })
  return scoreRun(run, dataset, engine, trained)
}

/** Writes and prints what the trainings reached. */
async function conclude(
  directory: string,
  released: Preparation['released'],
  reproduced: readonly ReproducedModel[],
  flags: ReproduceFlags,
): Promise<void> {
  const results = reproduced.map(resultOf)
  const table = tableOf(results)
  await writeFileAtomically(join(directory, 'results.json'), `${JSON.stringify({ results }, null, 2)}\n`)
  await writeFileAtomically(join(directory, 'results.txt'), `${table}\n`)
  await orWarn(commandOf({ ...flags, out: directory }), async () => {
    const { writeReproductionReport } = await import('../report/reproduction.js')
    return writeReproductionReport(directory, reproduced)
  })
  const answer = { directory, released, results }
  process.stdout.write(flags.json ? `${JSON.stringify(answer, null, 2)}\n` : `\n${table}\n`)
}

/** Says what was left out for want of speed, how long it would take here, and how to have it all the same. */
async function explainMissing(
  left: readonly StudyName[],
  flags: ReproduceFlags,
  { dataset, engine }: Resources,
): Promise<void> {
  note('\nOn this engine the convolutional nets take long, so they were left out. By their whole recipes:')
  for (const model of left) {
    const recipe = namedRecipe(recipeFor(flags), model)
    const seconds = await estimateSeconds(engine, models[model].build(), recipe, dataset.train.count)
    note(`  ${model}: about ${formatDuration(seconds)}`)
  }
  note(`To train them all the same: ${commandOf({ ...flags, models: left })}`)
}
