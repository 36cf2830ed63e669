import { expect, test } from 'vitest'
import { Placement, place } from './placement.js'

const IMAGE = Uint8Array.of(1, 2, 3, 4, 5, 6)

function placed(flipRows: boolean, flipColumns: boolean, rows: number, columns: number): number[][] {
  const placement = new Placement(2, 3)
  placement.set(flipRows, flipColumns, rows, columns)
  // Stale values, and a neighbour on each side that must stay.
  const target = new Uint8Array(10).fill(9)
  place(placement, Uint8Array.of(0, ...IMAGE), 1, target, 2)
  expect([...target.subarray(0, 2), ...target.subarray(8)]).toEqual([9, 9, 9, 9])
  return [Array.from(target.subarray(2, 5)), Array.from(target.subarray(5, 8))]
}

test.each([
  { flips: [false, false], move: [0, 0], expected: ['123', '456'] },
  { flips: [true, false], move: [0, 0], expected: ['456', '123'] },
  { flips: [false, true], move: [0, 0], expected: ['321', '654'] },
  { flips: [false, false], move: [1, -1], expected: ['000', '230'] },
  { flips: [false, false], move: [-1, 2], expected: ['004', '000'] },
  // The picture is flipped where it stands, then moved.
  { flips: [true, true], move: [1, 1], expected: ['000', '065'] },
  { flips: [false, true], move: [5, 0], expected: ['000', '000'] },
  { flips: [true, false], move: [0, -3], expected: ['000', '000'] },
] as const)('flips $flips, move $move', ({ flips, move, expected }) => {
  const [flipRows, flipColumns] = flips
  expect(placed(flipRows, flipColumns, move[0], move[1]).map((row) => row.join(''))).toEqual(expected)
})
