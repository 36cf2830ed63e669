/**
 * Weights that this project has released, a folder a model:
 *   model.safetensors     f16, but Batch Normalization's weights and statistics, which are f32
 *   config.json           all that it takes to use them, and how they were trained
 *   metrics.json          how good they are, as they lie here
 *   history.csv           a line an epoch of their training
 *   held-out.safetensors  logits (f16) and labels of images held out by another run of the same recipe
 *   README.md             the model card
 */

import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { readText } from '../core/files.js'
import { parseReleaseConfig, type ReleaseDescription } from './formats/release-config.js'
import { readLogits } from './logits-file.js'
import { readConfidence } from './read-metrics.js'
import type { TrainedModel } from './trained-model.js'
import { readWeights } from './weights.js'

export const releaseFiles = {
  weights: 'model.safetensors',
  config: 'config.json',
  metrics: 'metrics.json',
  history: 'history.csv',
  heldOut: 'held-out.safetensors',
  card: 'README.md',
} as const

/** The package's own, wherever it was installed and whatever the working directory. */
export const packageReleases = fileURLToPath(new URL('../../pretrained', import.meta.url))

/** Opens the folder of released weights. */
export async function openReleased(directory: string): Promise<TrainedModel> {
  const { config, graph } = await readReleaseConfig(directory)
  const path = (file: keyof typeof releaseFiles): string => join(directory, releaseFiles[file])
  const { model, classes, pixels, training, crc32 } = config
  return {
    directory: shortest(directory),
    record: { ...training, graph: config.graph },
    graph,
    name: model,
    kind: 'pretrained',
    which: 'final',
    classes,
    scaling: pixels,
    ...(await readConfidence({ directory })),
    weightsFile: path('weights'),
    readWeights: () => readWeights(path('weights'), graph, crc32[releaseFiles.weights]),
    heldOutLogits: () => readLogits(path('heldOut'), classes.length, crc32[releaseFiles.heldOut]),
  }
}

/** Reads the configuration in a folder of released weights. */
export async function readReleaseConfig(directory: string): Promise<ReleaseDescription> {
  const file = join(directory, releaseFiles.config)
  const text = await readText(file).catch((error: unknown) => {
    const expected = `a folder of released weights (with ${releaseFiles.config})`
    throw new AtelierError(mismatch(directory, expected, messageOf(error)))
  })
  return parseReleaseConfig(file, text)
}

/** As seen from the working directory, where it lies below that. */
function shortest(directory: string): string {
  const seen = relative(process.cwd(), directory)
  return seen === '' || seen.startsWith('..') ? directory : seen
}
