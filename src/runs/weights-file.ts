/** A file of weights by itself, from elsewhere or out of a run's folder. */

import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readSafetensors } from '../checkpoint/safetensors.js'
import { mismatch, UsageError } from '../core/errors.js'
import type { Values } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import { pixelScaling } from '../recipes/recipe.js'
import {
  type PixelStatistics,
  parseDescription,
  parseForeignWeights,
  type WeightsDescription,
} from './formats/weights.js'
import { readReleaseConfig, releaseFiles } from './released-weights.js'
import { openRun, runFiles } from './run-folder.js'

export interface WeightsFile {
  readonly file: string
  readonly graph: Graph
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  readonly scaling: PixelScaling
  readonly weights: ReadonlyMap<string, Values>
}

/** What the caller knows better than the file. */
export interface WeightsFileOptions {
  readonly graph?: Graph | undefined
  readonly pixels?: PixelStatistics | undefined
}

/**
 * Reads the file and holds it to the model: all its tensors and no others, in their shapes. Which model it is and how
 * that wants its pixels is told by the caller, the file, or the record of the run or release in whose folder it lies.
 *
 * @throws UsageError where nobody tells, AtelierError for a file that does not fit the model.
 */
export async function openWeightsFile(
  file: string,
  { graph: givenGraph, pixels: givenPixels }: WeightsFileOptions = {},
): Promise<WeightsFile> {
  const { tensors, metadata } = await readSafetensors(file, await checksumBeside(file))
  const own = parseDescription(file, metadata)
  const beside = own.graph && own.pixels ? own : await describedBeside(file)
  const graph = givenGraph ?? own.graph ?? beside.graph
  const pixels = givenPixels ?? own.pixels ?? beside.pixels
  if (graph === null) {
    const hint = 'Say of which model the weights are: --model cnn, or --model FILE.ts'
    throw new UsageError(mismatch(file, 'a model in its metadata', 'none', hint))
  }
  const weights = parseForeignWeights(file, tensors, graph)
  if (pixels === null) {
    const hint =
      'Say how pixels in [0, 1] were standardized: --pixels MEAN,DEVIATION, or --pixels 0,1 for as they are'
    throw new UsageError(mismatch(file, "its pixels' mean and deviation in its metadata", 'none', hint))
  }
  return { file, graph, scaling: pixelScaling({ pixels }), weights }
}

/** What the configuration of a release says of its weights; undefined where none lies beside the file. */
async function checksumBeside(file: string): Promise<string | undefined> {
  if (basename(file) !== releaseFiles.weights) return undefined
  // An exported folder has a configuration of another form.
  const release = await readReleaseConfig(dirname(file)).catch(() => null)
  return release?.config.crc32[releaseFiles.weights]
}

/** What the folder says whose weights the file holds: of a run (older files do not describe themselves) or a release. */
async function describedBeside(file: string): Promise<WeightsDescription> {
  const [directory, name] = [dirname(file), basename(file)]
  const isOfRun = name === runFiles.model || name === runFiles.best
  if (isOfRun && existsSync(join(directory, runFiles.record))) {
    const { graph, record } = await openRun(directory)
    return { graph, pixels: record.recipe.pixels }
  }
  if (name === releaseFiles.weights && existsSync(join(directory, releaseFiles.config))) {
    const { graph, config } = await readReleaseConfig(directory)
    return { graph, pixels: config.training.recipe.pixels }
  }
  return { graph: null, pixels: null }
}
