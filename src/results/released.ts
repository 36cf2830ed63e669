/** The releases in pretrained/, as far as results tell of them. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Graph } from '../graph/graph.js'
import { modelNames } from '../models/names.js'
import type { ReleasedMetrics } from '../runs/formats/metrics.js'
import type { ReleaseConfig } from '../runs/formats/release-config.js'
import { readReleasedMetrics } from '../runs/read-metrics.js'
import { readReleaseConfig, releaseFiles } from '../runs/released-weights.js'

export const PRETRAINED_FOLDER = 'pretrained'

export interface ReleasedModel {
  readonly directory: string
  readonly config: ReleaseConfig
  readonly graph: Graph
  readonly metrics: ReleasedMetrics
}

/** The released weights below `<root>/pretrained`, in the study's order. */
export async function readReleased(root: string): Promise<readonly ReleasedModel[]> {
  const directories = modelNames.map((model) => join(root, PRETRAINED_FOLDER, model))
  const released = directories.filter((directory) => existsSync(join(directory, releaseFiles.config)))
  return Promise.all(released.map(readOne))
}

async function readOne(directory: string): Promise<ReleasedModel> {
  const metrics = await readReleasedMetrics({ directory })
  return { directory, metrics, ...(await readReleaseConfig(directory)) }
}
