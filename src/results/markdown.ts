/** Pieces of Markdown. */
import { formatPercent } from '../core/format.js'
import type { Interval } from '../runs/formats/metrics.js'

export interface MarkdownColumn {
  readonly title: string
  readonly right?: boolean
}

/** A table; a line for each row. */
export function table(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const titles = columns.map(({ title }) => title)
  const rule = columns.map(({ right }) => (right ? '---:' : '---'))
  return [titles, rule, ...rows].map(line).join('\n')
}

export const right = (title: string): MarkdownColumn => ({ title, right: true })

export const code = (text: string): string => `\`${text}\``

/** A share as a percentage, or a hyphen. */
export const percentOr = (share: number | null | undefined): string =>
  share === null || share === undefined ? '-' : formatPercent(share)

/** A difference of shares in points. */
export const points = (share: number): string => (100 * share).toFixed(2)

export const intervalOr = (interval: Interval | null): string =>
  interval === null
    ? '-'
    : `${points(Math.max(0, interval.low))} to ${formatPercent(Math.min(1, interval.high))}`

/** Seconds as minutes, with two digits where there are few. */
export const minutes = (seconds: number): string => (seconds / 60).toFixed(seconds < 600 ? 2 : 1)
