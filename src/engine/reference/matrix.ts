/** Matrix products over typed arrays, row by row. Sums are held in double precision and rounded once. */
import type { Values } from '../engine.js'

/** Multiply-adds between two pauses: some tens of milliseconds. */
const stride = 2 ** 24

/**
 * c = a b^T, or c += a b^T, with a [m, k], b [n, k] and c [m, n]: every sum runs over contiguous memory.
 * Other products transpose an operand first.
 */
export function* multiply(
  a: Values,
  b: Values,
  c: Values,
  [m, n, k]: readonly [m: number, n: number, k: number],
  accumulate = false,
): Generator<undefined, void> {
  if (!accumulate) c.fill(0, 0, m * n)
  const rows = 2 * Math.max(1, Math.floor(stride / (2 * n * k)))
  for (let first = 0; first < m; first += rows) {
    addRows(a, b, c, n, k, first, Math.min(m, first + rows))
    yield undefined
  }
}

/** Tiles of two rows of a and four of b, so that each number read takes part in several sums. */
function addRows(
  a: Values,
  b: Values,
  c: Values,
  n: number,
  k: number,
  firstRow: number,
  lastRow: number,
): void {
  let i = firstRow
  for (; i + 2 <= lastRow; i += 2) {
    let j = 0
    for (; j + 4 <= n; j += 4) addTile(a, b, c, n, k, i, j)
    for (; j < n; j++) {
      addDot(a, b, c, n, k, i, j)
      addDot(a, b, c, n, k, i + 1, j)
    }
  }
  if (i < lastRow) for (let j = 0; j < n; j++) addDot(a, b, c, n, k, i, j)
}

function addTile(a: Values, b: Values, c: Values, n: number, k: number, i: number, j: number): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
  const [b1, b2, b3] = [k, 2 * k, 3 * k]
  let q = j * k
  for (let p = i * k, end = p + k; p < end; p++, q++) {
    const x0 = a[p] as number
    const x1 = a[p + k] as number
    const y0 = b[q] as number
    const y1 = b[q + b1] as number
    const y2 = b[q + b2] as number
    const y3 = b[q + b3] as number
    s00 += x0 * y0
    s01 += x0 * y1
    s02 += x0 * y2
    s03 += x0 * y3
    s10 += x1 * y0
    s11 += x1 * y1
    s12 += x1 * y2
    s13 += x1 * y3
  }
  const row0 = i * n + j
  const row1 = row0 + n
  c[row0] = (c[row0] as number) + s00
  c[row0 + 1] = (c[row0 + 1] as number) + s01
  c[row0 + 2] = (c[row0 + 2] as number) + s02
  c[row0 + 3] = (c[row0 + 3] as number) + s03
  c[row1] = (c[row1] as number) + s10
  c[row1 + 1] = (c[row1 + 1] as number) + s11
  c[row1 + 2] = (c[row1 + 2] as number) + s12
  c[row1 + 3] = (c[row1 + 3] as number) + s13
}

function addDot(a: Values, b: Values, c: Values, n: number, k: number, i: number, j: number): void {
  let sum = 0
  for (let p = i * k, q = j * k, end = p + k; p < end; p++, q++) sum += (a[p] as number) * (b[q] as number)
  c[i * n + j] = (c[i * n + j] as number) + sum
}

/** target [columns, rows] = the transpose of source [rows, columns]. */
export function transpose(source: Values, target: Values, rows: number, columns: number): Values {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) target[j * rows + i] = source[i * columns + j] as number
  }
  return target
}

/** Adds a bias to every row of c [m, n]; with relu, negative results become zero. */
export function addBias(c: Values, bias: Values, relu: boolean): void {
  const n = bias.length
  for (let row = 0; row < c.length; row += n) {
    for (let j = 0; j < n; j++) {
      const value = (c[row + j] as number) + (bias[j] as number)
      c[row + j] = relu && value < 0 ? 0 : value
    }
  }
}

/** sums [n] = the sum of the rows of c [m, n]. */
export function sumRows(c: Values, sums: Values): void {
  const n = sums.length
  const totals = new Float64Array(n)
  for (let row = 0; row < c.length; row += n) {
    for (let j = 0; j < n; j++) totals[j] = (totals[j] as number) + (c[row + j] as number)
  }
  sums.set(totals)
}
