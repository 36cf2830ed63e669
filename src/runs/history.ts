/** The history in a run's folder. */
import { readFile } from 'node:fs/promises'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { writeFileAtomically } from '../core/files.js'
import { type EpochRow, formatHistory, parseHistory } from './formats/history.js'
import { pathIn, type RunFolder } from './run-folder.js'

export async function writeHistory(run: RunFolder, rows: readonly EpochRow[]): Promise<void> {
  await writeFileAtomically(pathIn(run, 'history'), formatHistory(rows))
}

/** The rows so far; none where nothing has been written yet. */
export async function readHistory(run: RunFolder): Promise<EpochRow[]> {
  const file = pathIn(run, 'history')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new AtelierError(mismatch(file, 'a file that can be read', messageOf(error)))
  })
  return parseHistory(file, text)
}
