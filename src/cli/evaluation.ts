/** Scores runs by their names: one as a single network, several also together. */

import { resolve } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { formatCount } from '../core/format.js'
import type { Engine } from '../engine/engine.js'
import { evaluateRun, type RunEvaluation } from '../evaluate/evaluate.js'
import { evaluateGroup, type Runs } from '../evaluate/group.js'
import { formatGroup } from '../evaluate/group-text.js'
import type { SplitName } from '../evaluate/splits.js'
import { formatEvaluation } from '../evaluate/text.js'
import { evaluateWeightsFile } from '../evaluate/weights-file.js'
import { loadModel } from '../models/load.js'
import type { Recipe } from '../recipes/recipe.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { openWeightsFile } from '../runs/weights-file.js'
import type { WhichWeights } from '../runs/which-weights.js'
import type { ResourceFlags } from './options.js'
import { openResourcesOf, warnOfOtherData } from './resources.js'

export interface EvaluateFlags extends ResourceFlags {
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  readonly tta?: boolean
  readonly averageWeights?: boolean
  readonly weights: WhichWeights
  readonly model?: string
  readonly pixels?: Recipe['pixels']
}

export async function evaluate(names: readonly string[], flags: EvaluateFlags): Promise<void> {
  if (flags.averageWeights && names.length < 2) {
    throw new UsageError(mismatch('--average-weights', 'two or more runs', String(names.length)))
  }
  const file = names.find((name) => name.endsWith('.safetensors'))
  if (file !== undefined) return evaluateFile(file, names, flags)
  refuseFlagsOfFiles(flags)
  const runs: TrainedModel[] = []
  for (const name of names) runs.push(await openTrained(name, flags))
  checkDistinct(runs)
  if (flags.tta) for (const run of runs) warnOfUnseenViews(run)
  const [first, second, ...others] = runs as [TrainedModel, ...TrainedModel[]]
  if (second === undefined) await evaluateOne(first, flags)
  else await evaluateSeveral([first, second, ...others], flags)
}

/** A run that counted twice would pass for an ensemble. */
function checkDistinct(runs: readonly TrainedModel[]): void {
  const folders = runs.map(({ directory }) => resolve(directory))
  const again = folders.findIndex((folder, index) => folders.indexOf(folder) < index)
  if (again < 0) return
  throw new UsageError(mismatch('evaluate', 'different runs', `${runs[again]?.directory} more than once`))
}

/** Views that a training never showed do harm. */
function warnOfUnseenViews({ directory, record }: TrainedModel): void {
  const { augmentation } = record.recipe
  const mirrored = augmentation !== null && augmentation.horizontalFlip !== 'none'
  const moved = augmentation !== null && (augmentation.translate > 0 || (augmentation.affine?.shift ?? 0) > 0)
  const unseen = [...(mirrored ? [] : ['mirrored']), ...(moved ? [] : ['moved'])]
  if (unseen.length === 0) return
  process.stderr.write(
    `${directory} was not trained on ${unseen.join(' or ')} images: expect --tta to make it worse\n`,
  )
}

/** The only one of the names. */
async function evaluateFile(file: string, names: readonly string[], flags: EvaluateFlags): Promise<void> {
  if (names.length > 1) {
    throw new UsageError(mismatch('evaluate', `${file} alone`, `${names.length} models`))
  }
  if (flags.tta) throw new UsageError(mismatch('--tta', 'the folder of a run', file))
  if (flags.weights === 'best') throw new UsageError(mismatch('--weights best', 'the folder of a run', file))
  const { split, precision, pixels } = flags
  const graph = flags.model === undefined ? undefined : (await loadModel(flags.model)).graph
  const weights = await openWeightsFile(file, { graph, pixels })
  const { dataset, engine } = await openResourcesOf([], flags)
  const evaluation = await evaluateWeightsFile({ weights, dataset, engine, split, precision })
  const model = weights.graph.name
  const answer = { model, weights: file, split, ...evaluation, engine: engine.name, precision }
  print(flags, answer, () => describe(model, file, evaluation, engine, flags))
}

function refuseFlagsOfFiles({ model, pixels }: EvaluateFlags): void {
  const given = model !== undefined ? '--model' : pixels !== undefined ? '--pixels' : null
  if (given === null) return
  throw new UsageError(mismatch(given, 'a .safetensors file of weights', 'a run, which says it itself'))
}

async function evaluateOne(run: TrainedModel, flags: EvaluateFlags): Promise<void> {
  const { split, precision, tta = false } = flags
  const { dataset, engine } = await openResourcesOf([run], flags)
  warnOfOtherData(run, dataset)
  const temperature = run.calibration
  const evaluation = await evaluateRun({ run, dataset, engine, split, precision, temperature, tta })
  const { model } = run.record
  const best = run.which === 'best'
  const weights = best ? { weights: run.which } : {}
  const answer = {
    model,
    run: run.directory,
    ...weights,
    split,
    ...evaluation,
    engine: engine.name,
    precision,
  }
  const place = best ? `${run.directory}, its best epoch` : run.directory
  print(flags, answer, () => describe(model, place, evaluation, engine, flags))
}

function describe(
  model: string,
  place: string,
  evaluation: RunEvaluation,
  engine: Engine,
  { split, precision }: EvaluateFlags,
): string {
  const images = `${formatCount(evaluation.n)} ${split} images`
  return `${model} on the ${images} (${place}, ${engine.name} engine, ${precision})\n\n${formatEvaluation(evaluation)}`
}

async function evaluateSeveral(runs: Runs, flags: EvaluateFlags): Promise<void> {
  const { split, precision, tta = false, averageWeights = false } = flags
  const { dataset, engine } = await openResourcesOf(runs, flags)
  for (const run of runs) warnOfOtherData(run, dataset)
  const group = await evaluateGroup(runs, { dataset, engine, split, precision, tta, averageWeights })
  const head = `${runs.length} runs on the ${formatCount(group.n)} ${split} images (${engine.name} engine, ${precision})`
  print(flags, { ...group, engine: engine.name, precision }, () => `${head}\n\n${formatGroup(group)}`)
}

function print({ json }: EvaluateFlags, answer: object, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : text())
}
