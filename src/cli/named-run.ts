/** Run folders as users name them. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { atelierCommand, quoted } from '../core/shell.js'
import { runsFrom } from '../runs/find-runs.js'
import { openRun, type RunFolder } from '../runs/run-folder.js'

/** Opens a run; where there is no such folder, the message names the likeliest other. */
export async function openNamedRun(directory: string, usualPlace = 'runs'): Promise<RunFolder> {
  if (existsSync(directory)) return openRun(directory)
  const below = join(usualPlace, directory)
  const newest = existsSync(below) ? below : (await runsFrom(usualPlace))[0]
  const hint = newest ? `Did you mean ${quoted(newest)}?` : `Train one with: ${atelierCommand('train', 'nn')}`
  throw new UsageError(mismatch(`Run ${directory}`, 'the folder of a run', 'no such folder', hint))
}
