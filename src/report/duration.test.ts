import { expect, it } from 'vitest'
import { spokenDuration } from './duration.js'

it('gives durations with their units, rounded to what is shown', () => {
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
