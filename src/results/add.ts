/** From a finished run to its record. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AtelierError, mismatch } from '../core/errors.js'
import { type PredictionSource, predictionsOf } from '../evaluate/predictions.js'
import type { RunRecord } from '../runs/formats/record.js'
import { readWholeHistory, writeHistory } from '../runs/history.js'
import { writeLogits } from '../runs/logits-file.js'
import { readRunMetrics } from '../runs/read-metrics.js'
import { openRun, predictionsIn, runFiles, writeJson } from '../runs/run-folder.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { folderOf, isHeldOutRun, placeOf } from './files.js'
import { checkAlike } from './groups.js'
import { correctBeforeRounding } from './logits.js'
import { neutralRecord } from './neutral.js'
import { checkFigures, readRecords } from './record.js'
import { checkRecordable } from './recordable.js'

/**
 * Writes the record of a run below `<root>/results` and returns its folder. One that is there stays: a seed is
 * scored once.
 *
 * @throws AtelierError for a run that does not count (see `checkRecordable`), figures that its logits do not bear
 * out, and a seed of which another run is recorded already.
 */
export async function addRecord(run: TrainedModel, source: PredictionSource, root: string): Promise<string> {
  const record = neutralRecord(run.record)
  checkRecordable(run.directory, run.record)
  const metrics = await readRunMetrics(run)
  const directory = folderOf(root, record)
  if (await isRecorded(directory, record.startedAt)) return directory
  await checkFits(record, root)
  const test = await predictionsOf(run, 'test', source)
  checkFigures(run.directory, metrics, test.count, correctBeforeRounding(test))
  const folder = { directory, record, graph: run.graph }
  await writeLogits(predictionsIn(folder, 'test'), test, 'f16')
  if (record.heldOutImages > 0) {
    const heldOut = await predictionsOf(run, 'validation', source)
    await writeLogits(predictionsIn(folder, 'validation'), heldOut, 'f16')
  }
  await writeHistory(folder, await readWholeHistory(run))
  await writeJson(folder, 'metrics', metrics)
  await writeJson(folder, 'record', record)
  return directory
}

/** A record of other values than its recipe's others have would keep the page from being written. */
async function checkFits(run: RunRecord, root: string): Promise<void> {
  const others = await readRecords(root, join(run.model, run.recipeName))
  const own = { place: placeOf(run), run, heldOut: isHeldOutRun(run) }
  checkAlike([...others, own])
}

/** Whether this very run is recorded. */
async function isRecorded(directory: string, startedAt: string): Promise<boolean> {
  if (!existsSync(`${directory}/${runFiles.record}`)) return false
  const { record } = await openRun(directory)
  if (record.startedAt === startedAt) return true
  const hint = 'A seed is scored once: train another, or remove the record if it should not have counted'
  throw new AtelierError(mismatch(directory, 'no record yet', `one of ${record.startedAt}`, hint))
}
