/** Trains in a run's folder. */
import type { RunFolder } from '../runs/run-folder.js'
import { openFolderStore } from './folder-store.js'
import { type TrainingOptions, type TrainingResult, train } from './loop.js'
import { nodeHost } from './node-host.js'

export interface RunTrainingOptions extends Omit<TrainingOptions, 'store' | 'host'> {
  readonly run: RunFolder
  /** Also writes event files for TensorBoard; a resumed run that has some goes on in any case. */
  readonly tensorboard?: boolean
}

/** As `train`, which also throws AtelierError where another process trains this run. */
export async function trainRun({
  run,
  tensorboard,
  ...options
}: RunTrainingOptions): Promise<TrainingResult> {
  const store = await openFolderStore(run, tensorboard)
  return train({ ...options, store, host: nodeHost }).finally(() => store.close())
}
