/** From what was asked for to a run folder that holds it all. */

import { execFile } from 'node:child_process'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import { formatShape, sameShape } from '../core/shape.js'
import { atelierCommand } from '../core/shell.js'
import { describeSystem } from '../core/system.js'
import { atelierVersion } from '../core/version.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { classCountOf, type Graph, inputShapeOf, storeGraph } from '../graph/graph.js'
import { isModelName, models } from '../models/index.js'
import { checkWatched } from '../recipes/index.js'
import { holdOutCount, type Recipe } from '../recipes/recipe.js'
import type { RunRecord } from '../runs/formats/record.js'
import { createRun, otherFile, type RunFolder } from '../runs/run-folder.js'
import { checkTeacher } from './check-teacher.js'
import { checkClassWeights } from './class-weights.js'
import { resolvePrecision } from './precision.js'

export interface RunRequest {
  readonly directory: string
  /** Where it is taken, `directory-2`, `directory-3`, ... : the first that is free. */
  readonly numbered?: boolean
  readonly model: string
  readonly source: string | null
  readonly graph: Graph
  readonly recipeName: string
  readonly recipe: Recipe
  readonly settings: readonly string[]
  readonly seed: number
  readonly limit: number | null
  /** What repeats the run, where it is not the command line. */
  readonly command?: string
  readonly limitBatches?: number | null
  readonly overfitBatches?: number | null
  readonly maxSteps?: number | null
  readonly dataset: Dataset
  readonly engine: Engine
}

/** Checks that model, data, recipe and engine fit together, and makes the run's folder. */
export async function prepareRun(request: RunRequest): Promise<RunFolder> {
  const { directory, model, source, recipeName, recipe, settings, seed, limit, dataset, engine } = request
  const { limitBatches = null, overfitBatches = null, maxSteps = null } = request
  const graph = fitToData(request, dataset)
  const heldOutImages = holdOutCount(recipe, dataset.train.count)
  const available = dataset.train.count - heldOutImages
  if (available < 1) {
    const received = `holdOut ${recipe.holdOut} of ${dataset.train.count} images`
    throw new UsageError(mismatch('--set holdOut', 'fewer than there are training images', received))
  }
  checkWatched(recipe, heldOutImages)
  checkClassWeights(recipe, dataset.classes)
  const teacherWeights = await checkTeacher(recipe, heldOutImages, graph)
  const { node, os, cpu } = describeSystem()
  const record: RunRecord = {
    format: 1,
    model,
    source,
    recipeName,
    recipe,
    settings: [...settings],
    seed,
    limit,
    limitBy: 'seed',
    limitBatches,
    maxSteps,
    overfitBatches,
    trainImages: Math.min(limit ?? available, available, (overfitBatches ?? available) * recipe.batch),
    heldOutImages,
    teacherWeights,
    precision: resolvePrecision(recipe, graph, engine),
    engine: { name: engine.name, description: engine.description, threads: engine.threads },
    data: {
      directory: dataset.directory,
      official: dataset.official,
      checksums: { ...dataset.checksums },
      classes: [...dataset.classes],
    },
    machine: { atelier: atelierVersion(), node, platform: os, cpu: cpu.model },
    revision: await sourceRevision(),
    command: request.command ?? ['atelier', ...process.argv.slice(2)].join(' '),
    startedAt: new Date().toISOString(),
    graph: storeGraph(graph),
  }
  return createRun(directory, record, graph, request)
}

/**
 * The model as it trains on these data: the last layer of Atelier's own has as many logits as there are classes.
 *
 * @throws AtelierError where data and model do not fit together.
 */
export function fitToData(
  { model, source, graph }: Pick<RunRequest, 'model' | 'source' | 'graph'>,
  dataset: Dataset,
): Graph {
  const classes = dataset.classes.length
  const own = source === null && isModelName(model) && classCountOf(graph) !== classes
  const fitting = own ? models[model].build(classes) : graph
  checkFit(fitting, dataset)
  return fitting
}

/** The data must have the model's image size, and no more classes than the model has logits. */
export function checkFit(graph: Graph, { height, width, channels, classes, directory }: Dataset): void {
  const image = [height, width, channels]
  const wanted = inputShapeOf(graph)
  if (!sameShape(wanted, image)) {
    const hint = 'Change input(...) or give other data with --data'
    throw new AtelierError(
      mismatch(
        `Model ${graph.name}, input`,
        `${formatShape(image)} as the data has`,
        formatShape(wanted),
        hint,
      ),
    )
  }
  const logits = classCountOf(graph)
  if (logits !== classes.length) {
    const expected = `${classes.length} logits, one for each class of the data`
    const hint = isModelName(graph.name)
      ? `Train it on these data: ${atelierCommand('train', graph.name, '--data', directory)}`
      : `Give it dense(${classes.length}) at its end, or other data with --data`
    throw new AtelierError(mismatch(`Model ${graph.name}, last layer`, expected, String(logits), hint))
  }
}

/**
 * A resumed run goes on with what it began with: other bits would come of other threads, engine or precision,
 * and other data or another teacher would be another training.
 */
export async function checkResumable(
  run: RunFolder,
  dataset: Dataset,
  engine: Engine,
  force: boolean,
): Promise<void> {
  const { record } = run
  const file = otherFile(run, dataset.checksums)
  if (file !== undefined) {
    const hint = `The run began with the data in ${record.data.directory}`
    throw new AtelierError(
      mismatch(`--resume, data ${file}`, 'the same bytes as at the start', 'others', hint),
    )
  }
  await checkSameTeacher(run)
  const before = `${record.engine.name} engine, ${record.engine.threads} threads, ${record.precision}`
  const now = `${engine.name} engine, ${engine.threads} threads, ${record.precision}`
  const impossible = record.precision === 'bf16' && !engine.bf16
  if (impossible || (before !== now && !force)) {
    const hint = impossible
      ? 'Resume it where it was trained'
      : 'The results would differ in their last bits: --force resumes all the same'
    throw new AtelierError(mismatch('--resume', before, impossible ? engine.description : now, hint))
  }
}

async function checkSameTeacher({ record, graph }: RunFolder): Promise<void> {
  const { recipe, heldOutImages, teacherWeights } = record
  const weights = await checkTeacher(recipe, heldOutImages, graph)
  if (teacherWeights === null || weights === teacherWeights) return
  const hint = 'Bring those back, or begin a new run'
  throw new AtelierError(
    mismatch(`--resume, teacher ${recipe.teacher?.model}`, 'the weights it had at the start', 'others', hint),
  )
}

/** The commit of the checkout that this program belongs to, with a mark when files differ from it; or null. */
async function sourceRevision(): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> => {
    const cwd = dirname(fileURLToPath(import.meta.url))
    return (await promisify(execFile)('git', args, { cwd })).stdout.trim()
  }
  try {
    const root = await git('rev-parse', '--show-toplevel')
    const inPackage = !relative(root, fileURLToPath(new URL('../..', import.meta.url))).replace(/[\\/]$/, '')
    if (!inPackage) return null
    const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')])
    return changes ? `${commit} with changes` : commit
  } catch {
    return null
  }
}
