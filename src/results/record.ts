/** The record of a finished run, read back from results/ and checked. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AtelierError, mismatch } from '../core/errors.js'
import { countCorrect } from '../core/logits.js'
import { IDX_NAMES, OFFICIAL_CHECKSUMS } from '../data/files.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import type { RunRecord } from '../runs/formats/record.js'
import { readLogits } from '../runs/logits-file.js'
import { readRunMetrics } from '../runs/read-metrics.js'
import { openRun, predictionsIn, runFiles } from '../runs/run-folder.js'
import { isHeldOutRun, placeOf, RESULTS_FOLDER } from './files.js'
import { correctBeforeRounding, readTestLogits } from './logits.js'

/** What of a run's metrics is told on. */
export interface RecordedMetrics {
  readonly training: Pick<RunMetrics['training'], 'epochs' | 'seconds' | 'accuracy'>
  readonly test: Pick<RunMetrics['test'], 'n' | 'correct' | 'loss'>
}

export interface ResultRecord {
  /** `cnn/tuned/seed-1`. */
  readonly place: string
  readonly run: RunRecord
  readonly metrics: RecordedMetrics
  /** Of the test images, rounded to f16. */
  readonly testLogits: LabelledLogits
  /** Whether it held images out that the recipe itself would have learned from. */
  readonly heldOut: boolean
  /** The share of held-out images that the trained weights classify rightly; null where none were held out. */
  readonly heldOutAccuracy: number | null
}

/** All records below `<root>/results`, or a folder in it, in the order of their places. */
export async function readRecords(root: string, below = ''): Promise<readonly ResultRecord[]> {
  const top = join(root, RESULTS_FOLDER)
  const files = await readdir(join(top, below), { recursive: true }).catch(() => [])
  const places = files
    .map((file) => join(below, file).split(/[\\/]/))
    .filter((parts) => parts.at(-1) === runFiles.record)
    .map((parts) => parts.slice(0, -1).join('/'))
  const records: ResultRecord[] = []
  for (const place of places.sort()) records.push(await readRecord(top, place))
  return records
}

/**
 * Reads one and counts again what it claims.
 *
 * @throws AtelierError for a damaged file, data other than the official ones, a folder of another name than its
 * run gives it, and figures that the stored logits do not bear out.
 */
async function readRecord(top: string, place: string): Promise<ResultRecord> {
  const folder = await openRun(join(top, ...place.split('/')))
  const { directory, record } = folder
  const right = placeOf(record)
  if (right !== place) throw new AtelierError(mismatch(directory, `the place ${right} of its run`, place))
  const other = IDX_NAMES.find((name) => record.data.checksums[name] !== OFFICIAL_CHECKSUMS[name])
  if (other !== undefined) {
    throw new AtelierError(mismatch(`${directory}, data ${other}`, 'the official file', 'another'))
  }
  const metrics = await readRunMetrics(folder)
  const classes = record.data.classes.length
  const test = await readTestLogits(predictionsIn(folder, 'test'), classes)
  checkFigures(directory, metrics, test.count, correctBeforeRounding(test))
  const heldOut = await readLogits(predictionsIn(folder, 'validation'), classes)
  if (heldOut?.count !== (record.heldOutImages || undefined)) {
    const expected = `logits of ${record.heldOutImages} held-out images`
    throw new AtelierError(mismatch(directory, expected, String(heldOut?.count ?? 0)))
  }
  return {
    place,
    run: record,
    metrics,
    testLogits: test,
    heldOut: isHeldOutRun(record),
    heldOutAccuracy: heldOut && countCorrect(heldOut.logits, heldOut.labels) / heldOut.count,
  }
}

export function checkFigures(
  directory: string,
  { test }: RecordedMetrics,
  count: number,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (test.n === count && test.correct >= least && test.correct <= most) return
  const found = least === most ? String(least) : `${least} to ${most}`
  const expected = `${found} of ${count} test images right, as the stored logits say`
  throw new AtelierError(
    mismatch(join(directory, runFiles.metrics), expected, `${test.correct} of ${test.n}`),
  )
}
