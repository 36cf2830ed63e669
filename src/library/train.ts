/** Trainings for programs: a model and a recipe in, a run folder out. */
import { isDeepStrictEqual } from 'node:util'
import { mismatch, UsageError } from '../core/errors.js'
import { type Dataset, loadDataset } from '../data/dataset.js'
import { chooseEngine } from '../engine/choose.js'
import type { EngineName } from '../engine/names.js'
import { scoreRun } from '../evaluate/score.js'
import { type Graph, storeGraph } from '../graph/graph.js'
import { isModelName, models } from '../models/index.js'
import { loadModel } from '../models/load.js'
import { chooseRecipe } from '../recipes/choose.js'
import { applySettings } from '../recipes/index.js'
import type { EpochRow } from '../runs/formats/history.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import { prepareRun } from '../train/prepare.js'
import type { TrainingProgress } from '../train/progress.js'
import { trainRun } from '../train/train-run.js'

export interface TrainOptions {
  /** `quick`, `published`, `tuned`, `long`, or the path of a JSON file. */
  readonly recipe?: string
  /** Changes to the recipe, keys by dots: `{ epochs: 2, 'schedule.learningRate': 1e-3 }`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Of first weights, order, dropout and augmentation. */
  readonly seed?: number
  /** Use only so many training images. */
  readonly limit?: number
  /** The run's folder, new or empty; by default one below runs/. */
  readonly out?: string
  /** By default the data set that is found, or downloaded. */
  readonly dataset?: Dataset
  readonly engine?: EngineName
  readonly threads?: number
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly onEpoch?: (row: EpochRow) => void
  /** Ends the training with a checkpoint, from which `atelier train --resume` goes on; the promise is rejected. */
  readonly signal?: AbortSignal
}

export interface TrainedRun {
  /** For `loadModel`, and for every command that takes a run. */
  readonly directory: string
  readonly history: readonly EpochRow[]
  /** The last epoch's figures and, in `test`, those of the test images. */
  readonly metrics: RunMetrics
}

/**
 * Trains a model by a recipe and scores it on the test images, as `atelier train` does. The model is what
 * `sequential` gives, the name of one of the four, or the path of a file that exports one.
 *
 * @throws UsageError for unknown names and invalid values, AtelierError where model, data, recipe and engine do not fit
 * together or the training fails.
 */
export async function train(model: string | Graph, options: TrainOptions = {}): Promise<TrainedRun> {
  const { seed = 1, limit = null, set = {}, onProgress, onEpoch, signal } = options
  const { graph, name, source } =
    typeof model === 'string' ? await loadModel(model) : { graph: model, name: model.name, source: null }
  checkWhole('seed', seed, 0)
  if (limit !== null) checkWhole('limit', limit, 1)
  checkName(graph)
  const chosen = await chooseRecipe(options.recipe ?? 'quick', name)
  const settings = Object.entries(set).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const recipe = applySettings(chosen.recipe, settings)
  const directory = options.out ?? `runs/${name}-${chosen.name}-seed${seed}`
  const numbered = options.out === undefined
  const dataset = options.dataset ?? (await loadDataset())
  const { engine } = await chooseEngine({ engine: options.engine ?? 'auto', threads: options.threads })
  const command = `train('${name}') of the library`
  const described = { model: name, source, graph, recipeName: chosen.name, recipe, settings, command }
  const run = await prepareRun({ directory, numbered, ...described, seed, limit, dataset, engine })
  const result = await trainRun({
    run,
    dataset,
    engine,
    ...(onProgress ? { onProgress } : {}),
    ...(onEpoch ? { onEpoch } : {}),
    ...(signal ? { signal } : {}),
  })
  return {
    directory: run.directory,
    history: result.history,
    metrics: await scoreRun(run, dataset, engine, result),
  }
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new UsageError(mismatch(name, `a whole number of at least ${least}`, String(value)))
}

/** By the name of one of the four, other layers would be given its recipes and the study's figures. */
function checkName(graph: Graph): void {
  if (!isModelName(graph.name)) return
  if (isDeepStrictEqual(storeGraph(graph), storeGraph(models[graph.name].build()))) return
  throw new UsageError(mismatch('Model, name', 'one of its own', `${graph.name}, which is built in`))
}
