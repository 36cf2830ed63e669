/** Run folders as trainings leave them, below a folder such as runs/. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isFinished, openRun, type RunFolder, runFiles } from './run-folder.js'

/** The runs in a folder and in the folders of reproductions there, the one started last first. */
export async function runsFrom(place: string): Promise<readonly string[]> {
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

/** The finished run of a model that was started last. */
export async function newestRunOf(model: string, place: string): Promise<RunFolder | null> {
  for (const directory of await runsFrom(place)) {
    const run = await openRun(directory).catch(() => null)
    if (run?.record.model === model && isFinished(run)) return run
  }
  return null
}
