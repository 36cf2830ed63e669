/** The table of docs/reliability.md: a line a row, of which a run replaces those that it has measured. */
import { formatCount, spokenDuration } from '#atelier/core/format.js'
import { markdownTable } from '../../bench/lib/markdown.js'
import type { Held, Row } from './row.js'

/** Where and how a row was measured. */
export interface Circumstances {
  /** Repeats this row alone. */
  readonly command: string
  readonly seconds: number
  readonly processor: string
  readonly date: string
}

export type Line = readonly string[]

const columns = ['What is done', 'As it must be', 'What was seen', 'Command', 'Time', 'On']

export function lineOf(
  { name, title, unit }: Row,
  { held, rounds, seen }: Held,
  { command, seconds, processor, date }: Circumstances,
): Line {
  const share = `${formatCount(held)} of ${formatCount(rounds)} ${unit}`
  const cells = [`**${name}**: ${title}`, share, seen, `\`${command}\``, spokenDuration(seconds)]
  return [...cells, `${processor}, ${date}`]
}

export const renderTable = (lines: readonly Line[]): string => markdownTable(columns, lines, columns.length)

/** The lines of a table that `renderTable` wrote. */
export function parseTable(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| **'))
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  )
}

/** The lines in the order of the rows: new ones in the place of those of before. */
export function mergeLines(before: readonly Line[], now: readonly Line[], rows: readonly Row[]): Line[] {
  const findIn = (lines: readonly Line[], name: string) =>
    lines.find(([what]) => what?.startsWith(`**${name}**`))
  return rows.flatMap(({ name }) => {
    const line = findIn(now, name) ?? findIn(before, name)
    return line === undefined ? [] : [line]
  })
}
