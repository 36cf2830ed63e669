/** From a finished run to released weights. */

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checksumOf } from '../checkpoint/checksum.js'
import { type StoredTensor, writeSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../core/errors.js'
import { writeFileAtomically } from '../core/files.js'
import { formatCount } from '../core/format.js'
import { countCorrect, meanCrossEntropy } from '../core/logits.js'
import type { Values } from '../engine/engine.js'
import { fitTemperature } from '../evaluate/calibration.js'
import { evaluatePredictions } from '../evaluate/evaluate.js'
import { FALSE_ALARMS, FamiliarityScale } from '../evaluate/familiarity.js'
import { type PredictionSource, predictionsOf, predictWith } from '../evaluate/predictions.js'
import { formatHistory } from '../runs/formats/history.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import type { FittedTemperature, ReleasedMetrics } from '../runs/formats/metrics.js'
import type { ReleaseConfig } from '../runs/formats/release-config.js'
import { weightsMetadata } from '../runs/formats/weights.js'
import { readWholeHistory } from '../runs/history.js'
import { writeLogits } from '../runs/logits-file.js'
import { readRunMetrics } from '../runs/read-metrics.js'
import { releaseFiles } from '../runs/released-weights.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { halveWeights, roundToHalf } from './halve.js'
import { modelCard } from './model-card.js'
import { neutralRecord } from './neutral.js'
import { checkRecordable } from './recordable.js'
import { checkChange, checkPair } from './release-checks.js'

export interface ReleaseRequest extends PredictionSource {
  readonly run: TrainedModel
  /** By the same recipe, but with images held out. */
  readonly heldOut: TrainedModel
  /** Folder of all released weights. */
  readonly out: string
}

/** Accuracies are shares in [0, 1]. */
export interface Release {
  readonly directory: string
  /** Of the test images: by the weights as released, and as they were trained. */
  readonly accuracy: number
  readonly f32Accuracy: number
  readonly temperature: number
  /** Of all files. */
  readonly bytes: number
}

/**
 * Writes `<out>/<model>/` (see src/runs/released-weights.ts), scoring the very weights that are released.
 *
 * @throws AtelierError for runs that do not count as results or do not belong together, and for weights that lose
 * more than 0.05 points by being rounded.
 */
export async function release({ run, heldOut, out, ...source }: ReleaseRequest): Promise<Release> {
  checkRecordable(run.directory, run.record)
  checkRecordable(heldOut.directory, heldOut.record)
  checkPair(run, heldOut)
  const trained = await readRunMetrics(run)
  const logits = await heldOutLogits(heldOut, source)
  const calibration = temperatureOf(heldOut, logits)
  const weights = halveWeights(run.graph, await run.readWeights())
  const rounded = new Map(Array.from(weights, ([name, { data }]) => [name, data as Values]))
  const predictions = await predictWith(rounded, run, 'test', { ...source, precision: 'f32' })
  const test = evaluatePredictions(predictions, run.classes, calibration)
  checkChange(run, trained.test.accuracy, test.accuracy)
  const metrics: ReleasedMetrics = {
    training: trained.training,
    calibration,
    familiarity: familiarityOf(run, logits),
    test,
    f32: { accuracy: trained.test.accuracy, loss: trained.test.loss },
    heldOut: scoresOf(logits),
  }
  const directory = join(out, run.name)
  await writeRelease(directory, run, configOf(run, heldOut), { weights, logits, metrics })
  const bytes = await bytesIn(directory)
  const f32Accuracy = trained.test.accuracy
  return { directory, accuracy: test.accuracy, f32Accuracy, temperature: calibration.temperature, bytes }
}

interface ReleaseContents {
  readonly weights: ReadonlyMap<string, StoredTensor>
  readonly logits: LabelledLogits
  readonly metrics: ReleasedMetrics
}

/** The configuration comes last: a folder without one is no release. */
async function writeRelease(
  directory: string,
  run: TrainedModel,
  described: Omit<ReleaseConfig, 'crc32'>,
  { weights, logits, metrics }: ReleaseContents,
): Promise<void> {
  const path = (file: keyof typeof releaseFiles): string => join(directory, releaseFiles[file])
  const metadata = weightsMetadata(run.name, run.graph, run.record.recipe.pixels)
  await writeSafetensors(path('weights'), weights, metadata)
  await writeLogits(path('heldOut'), logits, 'f16')
  const config = { ...described, crc32: await checksumsIn(directory) }
  await writeFileAtomically(path('history'), formatHistory(await readWholeHistory(run)))
  await writeFileAtomically(path('metrics'), jsonOf(metrics))
  await writeFileAtomically(path('card'), modelCard(config, run.graph, metrics))
  await writeFileAtomically(path('config'), jsonOf(config))
}

async function checksumsIn(directory: string): Promise<ReleaseConfig['crc32']> {
  const sums = [releaseFiles.weights, releaseFiles.heldOut].map(
    async (file) => [file, checksumOf(await readFile(join(directory, file)))] as const,
  )
  return Object.fromEntries(await Promise.all(sums))
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = Object.values(releaseFiles).map(async (file) => (await stat(join(directory, file))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Rounded as they are released, so that all that is made of them can be made again. */
async function heldOutLogits(heldOut: TrainedModel, source: PredictionSource): Promise<LabelledLogits> {
  const { logits, ...rest } = await predictionsOf(heldOut, 'validation', source)
  return { ...rest, logits: roundToHalf('logits', logits) }
}

function temperatureOf(heldOut: TrainedModel, { logits, labels, count }: LabelledLogits): FittedTemperature {
  const temperature = fitTemperature(logits, labels, logits.length / count)
  if (temperature !== null) {
    return { temperature, fittedOn: `${formatCount(count)} images held out from another run of the recipe` }
  }
  const expected = 'held-out images that are classified neither all rightly nor by chance'
  throw new AtelierError(mismatch(`--held-out ${heldOut.directory}`, expected, 'others'))
}

function familiarityOf(
  { classes }: TrainedModel,
  { logits }: LabelledLogits,
): ReleasedMetrics['familiarity'] {
  const threshold = new FamiliarityScale(logits, classes.length).threshold()
  return { threshold, falseAlarms: FALSE_ALARMS }
}

function scoresOf({ logits, labels, count }: LabelledLogits): ReleasedMetrics['heldOut'] {
  return { n: count, accuracy: countCorrect(logits, labels) / count, loss: meanCrossEntropy(logits, labels) }
}

function configOf(run: TrainedModel, heldOut: TrainedModel): Omit<ReleaseConfig, 'crc32'> {
  const { graph, ...training } = neutralRecord(run.record)
  const { seed, trainImages, heldOutImages, revision } = heldOut.record
  const { name, classes, scaling: pixels } = run
  return {
    format: 1,
    model: name,
    classes: [...classes],
    pixels,
    training,
    heldOut: { seed, trainImages, heldOutImages, revision },
    graph,
  }
}
