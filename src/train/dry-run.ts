/** A training in miniature: everything it would do is done once, in a folder that is removed again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { memoryOf } from '../plan/memory.js'
import { batchOf } from '../recipes/recipe.js'
import type { EpochRow } from '../runs/formats/history.js'
import { lengthOf } from '../runs/formats/length.js'
import type { RunFolder } from '../runs/run-folder.js'
import { measureSpeed } from './estimate.js'
import { Interrupted } from './loop.js'
import { trainingSubset, Validation } from './subsets.js'
import { openTemporaryTraining } from './temporary.js'
import { trainRun } from './train-run.js'
import type { TrainingSteps } from './training-steps.js'

export interface DryRun {
  readonly trainImages: number
  readonly heldOutImages: number
  readonly epochs: number
  readonly batch: number
  readonly stepsPerEpoch: number
  /** Of all epochs. */
  readonly steps: number
  /** Of the first step, and of a validation after it. */
  readonly loss: number
  readonly validationLoss: number | null
  readonly validationAccuracy: number | null
  readonly imagesPerSecond: number
  /** Of an epoch with its validation, and of the training. */
  readonly secondsPerEpoch: number
  readonly seconds: number
  readonly memory: {
    /** Bytes of weights, statistics and optimizer state, and of what lives within a step, as planned. */
    readonly persistent: number
    readonly temporary: number
    /** Bytes that the process has taken at most, data set included. */
    readonly process: number
  }
}

/**
 * Makes a run by `open`, trains it for one step with a validation, checkpoints and weights, and measures a
 * second of its steps.
 *
 * @throws Interrupted once the signal is aborted; nothing is kept then either.
 */
export async function dryRun(
  dataset: Dataset,
  engine: Engine,
  open: (directory: string) => Promise<RunFolder>,
  signal: AbortSignal = new AbortController().signal,
): Promise<DryRun> {
  const directory = await mkdtemp(join(tmpdir(), 'atelier-dry-run-'))
  try {
    const run = await open(directory)
    const { recipe, trainImages, heldOutImages } = run.record
    const length = lengthOf(run.record)
    const short = { ...run.record, recipe: { ...recipe, epochs: 1 }, limitBatches: 1, maxSteps: null }
    const { history } = await trainRun({ run: { ...run, record: short }, dataset, engine, signal })
    const [first] = history as [EpochRow]
    const measured = await measure(run, dataset, engine, signal)
    return {
      trainImages,
      heldOutImages,
      epochs: length.epochs,
      batch: batchOf(recipe, trainImages),
      ...measured,
      loss: first.loss,
      validationLoss: first.val_loss,
      validationAccuracy: first.val_accuracy,
      stepsPerEpoch: length.stepsPerEpoch,
      steps: length.steps,
      seconds: measured.secondsPerEpoch * length.epochs,
    }
  } catch (error) {
    throw error instanceof Interrupted ? new Interrupted('Stopped. Nothing was kept') : error
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

type Measured = Pick<DryRun, 'imagesPerSecond' | 'secondsPerEpoch' | 'memory'>

async function measure(
  { record, graph }: RunFolder,
  dataset: Dataset,
  engine: Engine,
  signal: AbortSignal,
): Promise<Measured> {
  const { recipe, seed, trainImages } = record
  const { train: indices, heldOut } = trainingSubset(dataset, record)
  const options = { engine, graph, recipe, dataset, indices, seed, chunkSteps: 1 }
  const training = await openTemporaryTraining(options)
  try {
    const imagesPerSecond = await measureSpeed(training, signal)
    const images = Math.min(indices.length, lengthOf(record).stepsPerEpoch * batchOf(recipe, trainImages))
    const validation = await secondsOfValidation(training, dataset, heldOut)
    const memory = {
      ...memoryOf(training.programs.plan.tensors),
      process: process.resourceUsage().maxRSS * 1024,
    }
    return { imagesPerSecond, secondsPerEpoch: images / imagesPerSecond + validation, memory }
  } finally {
    await training.close()
  }
}

async function secondsOfValidation(
  { programs }: TrainingSteps,
  dataset: Dataset,
  heldOut: Uint32Array,
): Promise<number> {
  if (heldOut.length === 0) return 0
  const validation = await Validation.create(programs, dataset, heldOut)
  const start = performance.now()
  await validation.score()
  validation.dispose()
  return (performance.now() - start) / 1000
}
