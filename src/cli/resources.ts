/** What a command that runs a model needs: the data set and an engine, as the flags ask for them. */
import { type Dataset, loadDataset } from '../data/dataset.js'
import { chooseEngine } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'
import type { RunFolder } from '../train/run-folder.js'
import { downloadReporter } from './download-progress.js'
import type { ResourceFlags } from './options.js'

export interface Resources {
  readonly dataset: Dataset
  readonly engine: Engine
}

/** Loads the data and chooses the engine; where that became the slow one unasked, stderr gets a line why. */
export async function openResources({
  data,
  engine: name,
  threads,
}: Omit<ResourceFlags, 'data'> & { readonly data?: string | undefined }): Promise<Resources> {
  const [dataset, { engine, reason }] = await Promise.all([
    loadDataset({ data, onProgress: downloadReporter() }),
    chooseEngine({ engine: name, threads }),
  ])
  if (engine.name === 'reference' && name === 'auto') process.stderr.write(`${reason}\n`)
  return { dataset, engine }
}

/** As `openResources`: official data are the same wherever they lie, others are where one of the runs had them. */
export function openResourcesOf(runs: readonly RunFolder[], flags: ResourceFlags): Promise<Resources> {
  const other = runs.find(({ record }) => !record.data.official)
  return openResources({ ...flags, data: flags.data ?? other?.record.data.directory })
}

/** Says so on stderr where a run is about to be scored on other data than it was trained on. */
export function warnOfOtherData({ directory, record }: RunFolder, dataset: Dataset): void {
  const { checksums } = record.data
  if (Object.keys(checksums).every((file) => dataset.checksums[file] === checksums[file])) return
  process.stderr.write(
    `${directory} was trained on other data (${record.data.directory}) than those in ${dataset.directory}: ` +
      'it may have seen these test images\n',
  )
}
