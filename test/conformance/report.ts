/** Collects errors and says, when one is too large, which step was how far off. */
export interface Row {
  readonly subject: string
  readonly variant: string
  /** The kind of step that computed the tensor. */
  readonly step: string
  readonly tensor: string
  readonly error: number
  readonly tolerance: number
}

const columns = ['step', 'tensor', 'error', 'tolerance', 'subject', 'variant'] as const

/** Rows as aligned text, the worst first. */
export function formatRows(rows: readonly Row[]): string {
  const worst = [...rows].sort((a, b) => b.error / b.tolerance - a.error / a.tolerance)
  const cells = [columns, ...worst.map((row) => columns.map((name) => cellOf(row[name])))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  return cells.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n')
}

const cellOf = (value: string | number): string =>
  typeof value === 'number' ? value.toExponential(1) : value

/** Throws with a table where a row's error is above its tolerance. */
export function expectWithin(rows: readonly Row[]): void {
  if (rows.length === 0) throw new Error('nothing was compared')
  const failed = rows.filter(({ error, tolerance }) => !(error <= tolerance))
  if (failed.length > 0) throw new Error(`${failed.length} of ${rows.length} differ:\n${formatRows(failed)}`)
}

/** The worst row of every kind of step. */
export function worstByStep(rows: readonly Row[]): readonly Row[] {
  const worst = new Map<string, Row>()
  for (const row of rows) {
    const held = worst.get(row.step)
    if (!held || row.error / row.tolerance > held.error / held.tolerance) worst.set(row.step, row)
  }
  return [...worst.values()]
}
