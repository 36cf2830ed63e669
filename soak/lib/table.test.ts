import { describe, expect, it } from 'vitest'
import { readOptions } from './options.js'
import type { Row } from './row.js'
import { lineOf, mergeLines, parseTable, renderTable } from './table.js'

const run = () => Promise.reject(new Error('not to be run'))
const row = (name: string): Row => ({ name, title: `the ${name}`, rounds: 10, unit: 'rounds', run })
const rows = [row('kill'), row('disk'), row('damage')]
const line = (name: string, held: number) =>
  lineOf(
    row(name),
    { held, rounds: 1000, seen: 'all', failures: [] },
    { command: `npm run soak -- ${name}`, seconds: 90, processor: 'a CPU', date: '1 May 2026' },
  )

describe('the table of the soak', () => {
  it('is read back as it was written', () => {
    const lines = [line('kill', 999), line('disk', 1000)]
    expect(renderTable(lines)).toContain('999 of 1,000 rounds')
    expect(parseTable(renderTable(lines))).toEqual(lines)
    expect(parseTable('')).toEqual([])
  })

  it('keeps the rows that were not measured now, in the order of all', () => {
    const before = [line('kill', 1), line('damage', 2)]
    const now = [line('disk', 3), line('damage', 4)]
    expect(mergeLines(before, now, rows)).toEqual([line('kill', 1), line('disk', 3), line('damage', 4)])
  })
})

describe('the command line of the soak', () => {
  it('takes rows by name, in the order of the table', () => {
    expect(readOptions(['damage', 'kill', '--rounds', '3'], rows)).toEqual({
      rows: [rows[0], rows[2]],
      rounds: 3,
      seed: 1,
      write: false,
    })
    expect(readOptions([], rows)?.rows).toEqual(rows)
  })

  it('refuses other names and numbers', () => {
    expect(() => readOptions(['kil'], rows)).toThrow('row: expected names out of kill, disk, damage')
    expect(() => readOptions(['--rounds', '0'], rows)).toThrow('--rounds: expected a whole number')
    expect(() => readOptions(['--wrong'], rows)).toThrow('See npm run soak -- --help')
  })
})
