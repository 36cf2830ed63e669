/** Numbers and tables as people read them. */

/** `101,770`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/** `93.29 %` of a share in [0, 1]. */
export function formatPercent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`
}

/** `10`, `2.4` or `0.62`: a training may end within an epoch. */
export function formatEpochs(epochs: number): string {
  return String(Number(epochs < 0.1 ? epochs.toPrecision(1) : epochs.toFixed(2)))
}

/** `1 epoch`, `2.4 epochs`. */
export function spokenEpochs(epochs: number): string {
  const text = formatEpochs(epochs)
  return `${text} ${text === '1' ? 'epoch' : 'epochs'}`
}

/** Seconds as `0:42`, `12:05`, `2 h 5 min` or `3 d 4 h`, rounded to what is shown. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-'
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(seconds / 3600)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Seconds with their units: `1.9 s`, `12 min 5 s`, `2 h 5 min`, `3 d 4 h`. */
export function spokenDuration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : formatDuration(seconds)
}

/** Decimal units, three digits: `812 B`, `26.4 MB`, `1.05 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  // From 999.5 on, three digits would round to 1000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1]
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** `a, b or c`. */
export function formatAlternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

export interface Column {
  readonly title: string
  /** Texts stand left, unless told; numbers belong to the right. */
  readonly align?: 'left' | 'right'
}
/** The cells of a row, or a rule across the table. */
export type Row = readonly string[] | 'rule'

/**
 * A table in plain lines: titles, a rule (of 100 characters at most), rows, columns two spaces apart. No
 * trailing spaces and no final line break, so that it reads well in a file too.
 */
export function formatTable(columns: readonly Column[], rows: readonly Row[]): string {
  const lines: Row[] = [columns.map(({ title }) => title), 'rule', ...rows]
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((row) => (row === 'rule' ? 0 : lengthOf(row[column] ?? '')))),
  )
  const width = widths.reduce((sum, column) => sum + column + 2, -2)
  const rule = '─'.repeat(Math.min(width, 100))
  const format = (row: readonly string[]): string =>
    columns
      .map(({ align }, column) => {
        const cell = row[column] ?? ''
        const space = ' '.repeat((widths[column] as number) - lengthOf(cell))
        return align === 'right' ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return lines.map((row) => (row === 'rule' ? rule : format(row))).join('\n')
}

const lengthOf = (text: string): number => [...text].length
