/** A run's folder as a training's store. */
import { existsSync } from 'node:fs'
import { atelierCommand } from '../core/shell.js'
import { writeHistory } from '../runs/history.js'
import { lockRun } from '../runs/lock.js'
import { pathIn, type RunFolder } from '../runs/run-folder.js'
import { loadCheckpoint, saveCheckpoint } from '../runs/training-state.js'
import { writeWeights } from '../runs/weights.js'
import type { TrainingStore } from './store.js'
import { EventWriter, hasEventFiles } from './tensorboard.js'

/**
 * Takes the folder for this process.
 *
 * @param tensorboard - Also writes event files; a resumed run that has some goes on in any case.
 * @throws AtelierError where another process trains in it, or the folder cannot be written.
 */
export async function openFolderStore(run: RunFolder, tensorboard = false): Promise<TrainingStore> {
  const lock = await lockRun(run)
  return {
    run,
    check: lock.check,
    loadCheckpoint: (shapes) => loadCheckpoint(run, shapes),
    saveCheckpoint: (checkpoint, shapes) => saveCheckpoint(run, checkpoint, shapes),
    get checkpointNote() {
      const file = pathIn(run, 'last')
      return existsSync(file) ? `The last good checkpoint is in ${file}.` : 'No checkpoint had been made yet.'
    },
    resumeNote: `Continue with: ${atelierCommand('train', '--resume', run.directory)}`,
    writeHistory: (rows) => writeHistory(run, rows),
    writeWeights: (which, values) => writeWeights(run, which, values),
    openEvents: async (step) => (tensorboard || hasEventFiles(run) ? EventWriter.open(run, step) : null),
    close: lock.release,
  }
}
