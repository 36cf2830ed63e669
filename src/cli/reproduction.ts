/** The main job: every model trained by its recipe (or taken up where it was stopped), scored, tabulated. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { writeFileAtomically } from '../core/files.js'
import { formatCount, formatDuration, formatPercent, formatTable } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { type RunMetrics, readMetrics, scoreRun } from '../evaluate/score.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { type ModelName, modelNames, models } from '../models/index.js'
import { namedRecipe } from '../recipes/index.js'
import { REPORT_FILE } from '../report/files.js'
import type { ReproducedModel } from '../report/reproduction.js'
import { checkEmpty, freeDirectory, isScored, openRun, type RunFolder, runFiles } from '../runs/run-folder.js'
import { estimateSeconds } from '../train/estimate.js'
import { checkResumable, prepareRun } from '../train/prepare.js'
import { orWarn, reportAtEnd } from './final-report.js'
import type { ResourceFlags } from './options.js'
import { flagsOfRun, openResources } from './resources.js'
import { trainVisibly } from './training.js'

export interface ReproduceFlags extends ResourceFlags {
  readonly profile: keyof typeof recipeOf
  readonly models?: readonly ModelName[]
  readonly seed: number
  readonly fresh?: boolean
  readonly out?: string
}

const note = (line = ''): void => {
  process.stderr.write(`${line}\n`)
}

const recipeOf = { quick: 'quick', full: 'tuned' } as const

/** What the table says of one model. */
interface Result {
  readonly model: ModelName
  readonly run: string
  readonly parameters: number
  readonly epochs: number
  readonly trainAccuracy: number
  readonly testAccuracy: number
  readonly publishedTestAccuracy: number
  readonly seconds: number
}

export async function reproduce(flags: ReproduceFlags): Promise<void> {
  const directory = directoryFor(flags)
  if (flags.fresh) await checkEmpty(directory)
  const begun = await unfinishedRun(directory, flags)
  const { dataset, engine } = await openResources(begun === null ? flags : flagsOfRun(begun, flags))
  const { slow } = engine
  // The reference engine would need days for the convolutional nets: they are done when asked for.
  const chosen = flags.models ?? (slow ? (['nn', 'dnn'] as const) : modelNames)
  const results: Result[] = []
  const reproduced: ReproducedModel[] = []
  for (const [index, model] of chosen.entries()) {
    note(`\n${index + 1}/${chosen.length}  ${model}: ${models[model].title}`)
    const one = await reproduceOne(model, directory, flags, dataset, engine)
    reproduced.push(one)
    results.push(resultOf(one))
  }
  const left = modelNames.filter((name) => !chosen.includes(name))
  const table = tableOf(results)
  await writeFileAtomically(join(directory, 'results.json'), `${JSON.stringify({ results }, null, 2)}\n`)
  await writeFileAtomically(join(directory, 'results.txt'), `${table}\n`)
  await orWarn(`${commandOf(flags)} --out ${directory}`, async () => {
    const { writeReproductionReport } = await import('../report/reproduction.js')
    return writeReproductionReport(directory, reproduced)
  })
  process.stdout.write(flags.json ? `${JSON.stringify({ directory, results }, null, 2)}\n` : `\n${table}\n`)
  if (slow && flags.models === undefined) await explainMissing(left, flags, dataset, engine)
  note(`\nRuns, weights and this table: ${directory}`)
}

const commandOf = ({ profile, seed }: ReproduceFlags): string =>
  `atelier reproduce --profile ${profile}${seed === 1 ? '' : ` --seed ${seed}`}`

/** The folder asked for, an unfinished reproduction of the same kind, or a new one. */
function directoryFor({ out, profile, seed, fresh }: ReproduceFlags): string {
  if (out !== undefined) return out
  const base = `runs/reproduce-${profile}${seed === 1 ? '' : `-seed${seed}`}`
  const free = freeDirectory(base)
  if (fresh || free === base) return free
  const copies = Number(free.slice(base.length + 1)) - 1
  const newest = copies === 1 ? base : `${base}-${copies}`
  if (existsSync(join(newest, 'results.json'))) return free
  note(`Continuing the unfinished ${newest} (--fresh starts anew)`)
  return newest
}

/** The run of a model that a reproduction in that folder has begun; null where it has not. */
async function runIn(
  folder: string,
  model: ModelName,
  { profile, seed }: ReproduceFlags,
): Promise<RunFolder | null> {
  const directory = join(folder, model)
  if (!existsSync(join(directory, runFiles.record))) return null
  const run = await openRun(directory)
  const wanted = `the recipe ${recipeOf[profile]} by seed ${seed}`
  const found = `the recipe ${run.record.recipeName} by seed ${run.record.seed}`
  if (found === wanted) return run
  const hint = 'Choose another folder with --out, or the profile and the seed of that one'
  throw new UsageError(mismatch(`--out, ${directory}`, wanted, found, hint))
}

async function unfinishedRun(folder: string, flags: ReproduceFlags): Promise<RunFolder | null> {
  for (const model of modelNames) {
    const run = await runIn(folder, model, flags)
    if (run !== null && !isScored(run)) return run
  }
  return null
}

async function reproduceOne(
  model: ModelName,
  folder: string,
  flags: ReproduceFlags,
  dataset: Dataset,
  engine: Engine,
): Promise<ReproducedModel> {
  const directory = join(folder, model)
  const begun = await runIn(folder, model, flags)
  const run = begun ?? (await newRun(model, directory, recipeOf[flags.profile], flags.seed, dataset, engine))
  const metrics = isScored(run) ? await readMetrics(run) : null
  const scored = metrics ?? (await trainAndScore(run, dataset, engine))
  if (!existsSync(join(directory, REPORT_FILE))) await reportAtEnd(run, dataset, engine)
  note(
    `Test accuracy ${formatPercent(scored.test.accuracy)}, published ${formatPercent(models[model].published.testAccuracy)}`,
  )
  return { model, run, metrics: scored }
}

function resultOf({ model, run, metrics: { training, test } }: ReproducedModel): Result {
  return {
    model,
    run: run.directory,
    parameters: countParameters(weightsOf(run.graph)).parameters,
    epochs: training.epochs,
    trainAccuracy: training.accuracy,
    testAccuracy: test.accuracy,
    publishedTestAccuracy: models[model].published.testAccuracy,
    seconds: Math.round(training.seconds),
  }
}

function newRun(
  model: ModelName,
  directory: string,
  recipeName: 'quick' | 'tuned',
  seed: number,
  dataset: Dataset,
  engine: Engine,
): Promise<RunFolder> {
  return prepareRun({
    directory,
    model,
    source: null,
    graph: models[model].build(),
    recipeName,
    recipe: namedRecipe(recipeName, model),
    settings: [],
    seed,
    limit: null,
    dataset,
    engine,
  })
}

async function trainAndScore(run: RunFolder, dataset: Dataset, engine: Engine): Promise<RunMetrics> {
  await checkResumable(run, dataset, engine, false)
  return scoreRun(run, dataset, engine, await trainVisibly(run, dataset, engine))
}

function tableOf(results: readonly Result[]): string {
  const left = { align: 'left' } as const
  const right = { align: 'right' } as const
  return formatTable(
    [
      { title: 'Model', ...left },
      { title: 'Parameters', ...right },
      { title: 'Epochs', ...right },
      { title: 'Train accuracy', ...right },
      { title: 'Test accuracy', ...right },
      { title: 'Published', ...right },
      { title: 'Time', ...right },
    ],
    results.map((result) => [
      result.model,
      formatCount(result.parameters),
      String(result.epochs),
      formatPercent(result.trainAccuracy),
      formatPercent(result.testAccuracy),
      formatPercent(result.publishedTestAccuracy),
      formatDuration(result.seconds),
    ]),
  )
}

/** Says what was left out for want of speed, how long it would take here, and how to have it all the same. */
async function explainMissing(
  left: readonly ModelName[],
  flags: ReproduceFlags,
  dataset: Dataset,
  engine: Engine,
): Promise<void> {
  note('\nOn this engine the convolutional nets take long, so they were left out:')
  for (const model of left) {
    const recipe = namedRecipe(recipeOf[flags.profile], model)
    const seconds = await estimateSeconds(engine, models[model].build(), recipe, dataset.train.count)
    note(`  ${model}: about ${formatDuration(seconds)}`)
  }
  note(`To train them all the same: ${commandOf(flags)} --models ${left.join(',')}`)
}
