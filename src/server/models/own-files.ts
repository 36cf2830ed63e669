/**
 * Files below the folder of the runs that really lie there. Others may write into it, and a link from a run to a file
 * elsewhere would have that file told to whoever asks. The folder of a run may itself be a link: its owner put it there.
 */
import { constants, type Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { decodeText } from '../../core/text.js'
import { openRun, type RunFolder } from '../../runs/run-folder.js'

/** The name of what lies in a folder and is not its own: a link out of it or to nothing, a pipe, a device; or null. */
export async function foreignIn(directory: string): Promise<string | null> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  // Folders too may be elsewhere: no file is read by way of them.
  const odd = entries.filter((entry) => !entry.isFile() && !entry.isDirectory())
  if (odd.length === 0) return null
  const own = (await realpath(directory)) + sep
  for (const entry of odd) if (!(await leadsToOwn(entry, directory, own))) return entry.name
  return null
}

async function leadsToOwn(entry: Dirent, directory: string, own: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false
  try {
    const target = await realpath(join(directory, entry.name))
    const found = await stat(target)
    return found.isDirectory() || (found.isFile() && target.startsWith(own))
  } catch {
    return false
  }
}

/** The run in a folder; null where it cannot be read, or one of its files is not its own. */
export async function openOwnRun(directory: string): Promise<RunFolder | null> {
  return (await foreignIn(directory)) === null ? openRun(directory).catch(() => null) : null
}

/** Windows has no such flag; there it takes rights to make a link that few have. */
const NO_LINK = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)

/** The text of a file that is no link; null where there is none. */
export const readOwnText = (file: string): Promise<string | null> =>
  readFile(file, { flag: NO_LINK }).then(decodeText, () => null)
