import { describe, expect, it } from 'vitest'
import {
  formatAlternatives,
  formatBytes,
  formatCount,
  formatDuration,
  formatEpochs,
  formatPercent,
  formatTable,
  spokenDuration,
  spokenEpochs,
} from './format.js'

describe('numbers', () => {
  it('counts have thousands', () => {
    expect([0, 999, 101_770, 13_017_770].map(formatCount)).toEqual(['0', '999', '101,770', '13,017,770'])
  })

  it('shares are percentages', () => {
    expect(formatPercent(0.93291)).toBe('93.29 %')
    expect(formatPercent(1, 0)).toBe('100 %')
  })

  it('epochs may be parts of one', () => {
    expect([10, 2.4, 387 / 469, 1 / 60_000].map(formatEpochs)).toEqual(['10', '2.4', '0.83', '0.00002'])
    expect([1, 1.004, 0.5].map(spokenEpochs)).toEqual(['1 epoch', '1 epoch', '0.5 epochs'])
  })

  it.each([
    [0, '0:00'],
    [59.4, '0:59'],
    [59.6, '1:00'],
    [83, '1:23'],
    [3599.6, '1 h 0 min'],
    [7512, '2 h 5 min'],
    [86399, '1 d 0 h'],
    [100_000, '1 d 4 h'],
    [Number.POSITIVE_INFINITY, '-'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it('durations are told with their units, rounded to what is shown', () => {
    const seconds = [0, 1.94, 59.94, 59.96, 725, 3599.4, 3599.6, 7500, 300_000]
    expect(seconds.map(spokenDuration)).toEqual([
      '0.0 s',
      '1.9 s',
      '59.9 s',
      '1 min 0 s',
      '12 min 5 s',
      '59 min 59 s',
      '1 h 0 min',
      '2 h 5 min',
      '3 d 11 h',
    ])
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [26_421_856, '26.4 MB'],
    [999_600_000, '1.00 GB'],
    [104_000_000, '104 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('alternatives end with or', () => {
    expect(formatAlternatives(['a'])).toBe('a')
    expect(formatAlternatives(['a', 'b', 'c'])).toBe('a, b or c')
  })
})

describe('tables', () => {
  it('align their columns and leave no trailing spaces', () => {
    const columns = [{ title: 'class' }, { title: 'n', align: 'right' }, { title: 'note' }] as const
    const rows = [['Bag', '1,000', ''], ['Größe', '7', 'few'], 'rule', ['total', '1,007']] as const
    expect(formatTable(columns, rows)).toBe(
      [
        'class      n  note',
        '──────────────────',
        'Bag    1,000',
        'Größe      7  few',
        '──────────────────',
        'total  1,007',
      ].join('\n'),
    )
  })
})
