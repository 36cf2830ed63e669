/** Markdown that also reads well on a terminal. */

/** A table whose first columns hold text and stand left, the others numbers. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns: number,
): string {
  const widths = columns.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  )
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, i) => {
      const cell = cells[i] ?? ''
      return i < leftColumns ? cell.padEnd(width) : cell.padStart(width)
    })
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, i) => (i < leftColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(columns), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}
