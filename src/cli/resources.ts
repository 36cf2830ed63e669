/** What a command that runs a model needs: the data set and an engine, as the flags ask for them. */

import { existsSync } from 'node:fs'
import { type Dataset, loadDataset } from '../data/dataset.js'
import { chooseEngine } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'
import { dataOf, otherFile, type RunFolder } from '../runs/run-folder.js'
import { downloadReporter } from './download-progress.js'
import { tellFallback } from './fallback.js'
import type { ResourceFlags } from './options.js'

export interface Resources {
  readonly dataset: Dataset
  readonly engine: Engine
}

/** Loads the data and chooses the engine; where that became a slower one unasked, stderr gets a line why. */
export async function openResources({
  data,
  ...flags
}: Omit<ResourceFlags, 'data'> & { readonly data?: string | undefined }): Promise<Resources> {
  const [dataset, chosen] = await Promise.all([
    loadDataset({ data, onProgress: downloadReporter() }),
    chooseEngine(flags),
  ])
  tellFallback(chosen)
  if (dataset.note !== null) process.stderr.write(`${dataset.directory}: ${dataset.note}\n`)
  return { dataset, engine: chosen.engine }
}

/**
 * The data, engine and threads that a run began with, but for those that the flags name. `anew`: the data alone, and
 * else what this machine has, as for a new run.
 */
export function flagsOfRun<T extends ResourceFlags>(run: RunFolder, flags: T, anew = false): T {
  const { data, engine } = run.record
  const begun = { ...flags, data: flags.data ?? (existsSync(data.directory) ? data.directory : dataOf(run)) }
  if (anew) return begun
  const name = flags.engine === 'auto' ? engine.name : flags.engine
  return { ...begun, engine: name, threads: flags.threads ?? engine.threads }
}

/** The same, with the data of one of the runs unless the flags name others. */
export function openResourcesOf(runs: readonly RunFolder[], flags: ResourceFlags): Promise<Resources> {
  const data = flags.data ?? runs.map(dataOf).find((folder) => folder !== undefined)
  return openResources({ ...flags, data })
}

/** Says so on stderr where a run is about to be scored on other data than it was trained on. */
export function warnOfOtherData(run: RunFolder, dataset: Dataset): void {
  if (otherFile(run, dataset.checksums) === undefined) return
  process.stderr.write(
    `${run.directory} was trained on other data (${run.record.data.directory}) than those in ${dataset.directory}: ` +
      'it may have seen these test images\n',
  )
}
