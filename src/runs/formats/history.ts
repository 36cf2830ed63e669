/** history.csv: a line an epoch. */
import { z } from 'zod'
import { AtelierError, mismatch } from '../../core/errors.js'

const share = z.number().min(0).max(1)

export const epochSchema = z.strictObject({
  /** Epochs done, from 1; a fraction in the last line of a training that ended within one. */
  epoch: z.number().positive(),
  /** Running means over the epoch's steps, as Keras shows them. */
  loss: z.number(),
  accuracy: share,
  /** On the held-out images; null where there are none. */
  val_loss: z.number().nullable(),
  val_accuracy: share.nullable(),
  /** Of the epoch's last step. */
  learning_rate: z.number(),
  images_per_second: z.number(),
  /** Of the epoch. */
  seconds: z.number(),
})
export type EpochRow = Readonly<z.infer<typeof epochSchema>>

const columns = epochSchema.keyof().options

export function formatHistory(rows: readonly EpochRow[]): string {
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

/** The rows of the text of `place`; none of an empty one. */
export function parseHistory(place: string, text: string): EpochRow[] {
  const [header, ...lines] = text.split('\n').filter((line) => line !== '')
  if (header === undefined) return []
  if (header !== columns.join(',')) {
    throw new AtelierError(mismatch(`${place}, first line`, columns.join(','), JSON.stringify(header)))
  }
  return lines.map((line, index) => {
    const cells = line.split(',')
    const values = columns.map((column, i) => [column, cells[i] === '' ? null : Number(cells[i])])
    const row = epochSchema.safeParse(Object.fromEntries(values))
    if (row.success) return row.data
    throw new AtelierError(mismatch(`${place}, line ${index + 2}`, 'the numbers of an epoch', line))
  })
}
