/** Run folders as users name them. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { openRun, type RunFolder, runFiles } from '../train/run-folder.js'

/** Opens a run; where there is no such folder, the message names the likeliest other. */
export async function openNamedRun(directory: string, usualPlace = 'runs'): Promise<RunFolder> {
  if (existsSync(directory)) return openRun(directory)
  const below = join(usualPlace, directory)
  const newest = existsSync(below) ? below : await newestRun(usualPlace)
  const hint = newest ? `Did you mean ${newest}?` : 'Train one with: atelier train nn'
  throw new UsageError(mismatch(`Run ${directory}`, 'the folder of a run', 'no such folder', hint))
}

/** The run of the usual place that was started last. */
async function newestRun(usualPlace: string): Promise<string | undefined> {
  const names = await readdir(usualPlace).catch(() => [])
  const found = names.map(async (name) => {
    const directory = join(usualPlace, name)
    const record = await stat(join(directory, runFiles.record)).catch(() => null)
    return record === null ? [] : [{ directory, time: record.mtimeMs }]
  })
  const runs = (await Promise.all(found)).flat()
  return runs.sort((a, b) => b.time - a.time)[0]?.directory
}
