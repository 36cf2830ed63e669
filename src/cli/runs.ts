/** Run folders as users name them. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { isFinished, openRun, type RunFolder, runFiles } from '../train/run-folder.js'

/** Opens a run; where there is no such folder, the message names the likeliest other. */
export async function openNamedRun(directory: string, usualPlace = 'runs'): Promise<RunFolder> {
  if (existsSync(directory)) return openRun(directory)
  const below = join(usualPlace, directory)
  const newest = existsSync(below) ? below : await newestRun(usualPlace)
  const hint = newest ? `Did you mean ${newest}?` : 'Train one with: atelier train nn'
  throw new UsageError(mismatch(`Run ${directory}`, 'the folder of a run', 'no such folder', hint))
}

/** Opens a run by its folder, or by its model's name: then the newest finished one. */
export async function openRunOrModel(name: string, usualPlace = 'runs'): Promise<RunFolder> {
  if (!existsSync(name)) {
    for (const directory of await runsFrom(usualPlace)) {
      const run = await openRun(directory).catch(() => null)
      if (run?.record.model === name && isFinished(run)) return run
    }
  }
  return openNamedRun(name, usualPlace)
}

const newestRun = async (usualPlace: string): Promise<string | undefined> => (await runsFrom(usualPlace))[0]

/** The runs in a folder and in the folders of reproductions there, the one started last first. */
async function runsFrom(place: string): Promise<readonly string[]> {
  const below = async (folder: string): Promise<string[]> =>
    (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
  const directories = await below(place)
  directories.push(...(await Promise.all(directories.map(below))).flat())
  const found = directories.map(async (directory) => {
    const record = await stat(join(directory, runFiles.record)).catch(() => null)
    return record === null ? [] : [{ directory, time: record.mtimeMs }]
  })
  const runs = (await Promise.all(found)).flat()
  return runs.sort((a, b) => b.time - a.time).map(({ directory }) => directory)
}
