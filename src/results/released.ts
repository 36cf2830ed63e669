/** What is shipped in pretrained/, as far as results tell of it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../core/json.js'
import type { Graph } from '../graph/graph.js'
import { modelNames } from '../models/names.js'
import { type PretrainedConfig, pretrainedFiles, readPretrainedConfig } from '../runs/pretrained.js'
import type { ReleasedMetrics } from './release.js'

export const PRETRAINED_FOLDER = 'pretrained'

export interface ReleasedModel {
  readonly directory: string
  readonly config: PretrainedConfig
  readonly graph: Graph
  readonly metrics: ReleasedMetrics
}

const metricsSchema = z.looseObject({
  training: z.looseObject({}),
  calibration: z.looseObject({}),
  test: z.looseObject({ n: z.int().positive(), correct: z.int().nonnegative() }),
  f32: z.looseObject({}),
  heldOut: z.looseObject({}),
})

/** The released weights below `<root>/pretrained`, in the study's order. */
export async function readReleased(root: string): Promise<readonly ReleasedModel[]> {
  const directories = modelNames.map((model) => join(root, PRETRAINED_FOLDER, model))
  const released = directories.filter((directory) => existsSync(join(directory, pretrainedFiles.config)))
  return Promise.all(released.map(readOne))
}

async function readOne(directory: string): Promise<ReleasedModel> {
  const file = join(directory, pretrainedFiles.metrics)
  const text = await readFile(file, 'utf8').catch(() => 'null')
  const metrics = parseJson(file, text, 'the metrics of a release', (json) => {
    metricsSchema.parse(json)
    return json as ReleasedMetrics
  })
  return { directory, metrics, ...(await readPretrainedConfig(directory)) }
}
