/** One process at a time trains in a run's folder. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { pathIn, type RunFolder } from './run-folder.js'

/** Files that this process holds: after a restart in a container, another may have had the same number. */
const held = new Set<string>()

/**
 * Takes a run for this process; what it returns gives it back. A process that was killed loses what it held.
 *
 * @throws AtelierError where another one trains in it, or the folder cannot be written.
 */
export async function lockRun(run: RunFolder): Promise<() => Promise<void>> {
  const file = pathIn(run, 'lock')
  const owner = held.has(file) ? process.pid : await livingOwner(file)
  if (owner !== null) {
    const hint = `Wait for it or stop it; if that is no training, remove ${file}`
    const received = `one that process ${owner} trains`
    throw new AtelierError(mismatch(run.directory, 'a run that nobody trains', received, hint))
  }
  await rm(file, { force: true })
  await writeFile(file, `${process.pid}\n`, { flag: 'wx' }).catch((error: unknown) => {
    const hint = 'Another process may have taken it just now'
    throw new AtelierError(mismatch(file, 'a file that can be made', messageOf(error), hint))
  })
  held.add(file)
  return async () => {
    held.delete(file)
    await rm(file, { force: true })
  }
}

/** The process named in the file, where it is another than this one and runs. */
async function livingOwner(file: string): Promise<number | null> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (!Number.isSafeInteger(owner) || owner < 1 || owner === process.pid) return null
  try {
    process.kill(owner, 0)
    return owner
  } catch (error) {
    // It runs, as someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? owner : null
  }
}
