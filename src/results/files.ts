/**
 * Where results lie: a folder a finished run, results/<model>/<recipe>/seed-<n>, of a run that held images out for
 * the recipe's sake results/<model>/<recipe>/held-out/seed-<n>, with
 *   run.json, history.csv, metrics.json   as in the run's folder, but without the paths of its machine
 *   predictions-test.safetensors          logits (f16) and labels of the test images
 *   predictions-validation.safetensors    the same of the images held out, where there were any
 */
import { join } from 'node:path'
import type { RunRecord } from '../runs/formats/record.js'

export const RESULTS_FOLDER = 'results'
export const RESULTS_FILE = 'RESULTS.md'
export const HELD_OUT_FOLDER = 'held-out'

/** A record's folder below `results/`, with forward slashes. */
export function placeOf(record: RunRecord): string {
  const parts = [record.model, record.recipeName]
  if (isHeldOutRun(record)) parts.push(HELD_OUT_FOLDER)
  return [...parts, `seed-${record.seed}`].join('/')
}

export const folderOf = (root: string, record: RunRecord): string =>
  join(root, RESULTS_FOLDER, ...placeOf(record).split('/'))

/** Whether images were held out that the recipe itself would have learned from. */
export const isHeldOutRun = ({ settings, heldOutImages }: RunRecord): boolean =>
  heldOutImages > 0 && settings.some((setting) => keyOf(setting) === 'holdOut')

/** The key of `key=value`. */
export const keyOf = (setting: string): string => setting.slice(0, setting.indexOf('='))
