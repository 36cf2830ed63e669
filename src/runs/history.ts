/** history.csv: one line an epoch. */
import { readFile } from 'node:fs/promises'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { writeFileAtomically } from '../core/files.js'
import { pathIn, type RunFolder } from './run-folder.js'

export interface EpochRow {
  /** Epochs done, from 1; a fraction in the last row of a training that ends within an epoch. */
  readonly epoch: number
  /** Running means over the epoch's steps, as Keras shows them. */
  readonly loss: number
  readonly accuracy: number
  /** On the held-out images; null where none are. */
  readonly val_loss: number | null
  readonly val_accuracy: number | null
  /** Of the epoch's last step. */
  readonly learning_rate: number
  readonly images_per_second: number
  /** Of the epoch. */
  readonly seconds: number
}

const columns = [
  'epoch',
  'loss',
  'accuracy',
  'val_loss',
  'val_accuracy',
  'learning_rate',
  'images_per_second',
  'seconds',
] as const satisfies readonly (keyof EpochRow)[]

export async function writeHistory(run: RunFolder, rows: readonly EpochRow[]): Promise<void> {
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','))
  await writeFileAtomically(pathIn(run, 'history'), `${[columns.join(','), ...lines].join('\n')}\n`)
}

/** The rows so far; none where nothing has been written yet. */
export async function readHistory(run: RunFolder): Promise<EpochRow[]> {
  const file = pathIn(run, 'history')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new AtelierError(mismatch(file, 'a file that can be read', messageOf(error)))
  })
  const [header, ...lines] = text.split('\n').filter((line) => line !== '')
  if (header === undefined) return []
  if (header !== columns.join(',')) {
    throw new AtelierError(mismatch(`${file}, first line`, columns.join(','), header))
  }
  return lines.map((line) => {
    const cells = line.split(',')
    const values = columns.map((column, i) => [column, cells[i] === '' ? null : Number(cells[i])])
    return Object.fromEntries(values) as unknown as EpochRow
  })
}
