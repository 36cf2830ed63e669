/** What a command that runs a model needs: the data set and an engine, as the flags ask for them. */

import { existsSync } from 'node:fs'
import { type Dataset, loadDataset } from '../data/dataset.js'
import { type ChosenEngine, chooseClassifyingEngine, chooseEngine } from '../engine/choose.js'
import type { ClassifyingEngine, Engine } from '../engine/engine.js'
import type { ClassifyingEngineName } from '../engine/names.js'
import { dataOf, otherFile, type RunFolder } from '../runs/run-folder.js'
import { downloadReporter } from './download-progress.js'
import { tellFallback } from './fallback.js'
import type { ResourceFlags } from './options.js'

export interface Resources<E = Engine> {
  readonly dataset: Dataset
  readonly engine: E
}

/** Loads the data and chooses the engine; where that became a slower one unasked, stderr gets a line why. */
export function openResources({
  data,
  ...flags
}: Omit<ResourceFlags, 'data'> & { readonly data?: string | undefined }): Promise<Resources> {
  return open(data, chooseEngine(flags))
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

/** For commands that classify and do not train; the data are those of one of the runs. */
export function openResourcesOf(
  runs: readonly RunFolder[],
  flags: ResourceFlags<ClassifyingEngineName>,
): Promise<Resources<ClassifyingEngine>> {
  const data = flags.data ?? runs.map(dataOf).find((folder) => folder !== undefined)
  return open(data, chooseClassifyingEngine(flags))
}

async function open<E extends ClassifyingEngine>(
  data: string | undefined,
  choice: Promise<ChosenEngine<E>>,
): Promise<Resources<E>> {
  const [dataset, chosen] = await Promise.all([loadDataset({ data, onProgress: downloadReporter() }), choice])
  tellFallback(chosen)
  if (dataset.note !== null) process.stderr.write(`${dataset.directory}: ${dataset.note}\n`)
  return { dataset, engine: chosen.engine }
}

/** Says so on stderr where a run is about to be scored on other data than it was trained on. */
export function warnOfOtherData(run: RunFolder, dataset: Dataset): void {
  if (otherFile(run, dataset.checksums) === undefined) return
  process.stderr.write(
    `${run.directory} was trained on other data (${run.record.data.directory}) than those in ${dataset.directory}: ` +
      'it may have seen these test images\n',
  )
}
