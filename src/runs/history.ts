/** The history in a run's folder. */
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { readText, writeFileAtomically } from '../core/files.js'
import { type EpochRow, formatHistory, parseHistory } from './formats/history.js'
import { pathIn, type RunFolder } from './run-folder.js'

export async function writeHistory(run: RunFolder, rows: readonly EpochRow[]): Promise<void> {
  await writeFileAtomically(pathIn(run, 'history'), formatHistory(rows))
}

/** As `readHistory`, of a run whose epochs are to be told on. */
export async function readWholeHistory(run: RunFolder): Promise<EpochRow[]> {
  const rows = await readHistory(run)
  if (rows.length > 0) return rows
  throw new AtelierError(mismatch(pathIn(run, 'history'), 'the epochs of the training', 'none'))
}

/** The rows so far; none where nothing has been written yet. */
export async function readHistory(run: RunFolder): Promise<EpochRow[]> {
  const file = pathIn(run, 'history')
  const text = await readText(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new AtelierError(mismatch(file, 'a file that can be read', messageOf(error)))
  })
  return parseHistory(file, text)
}
