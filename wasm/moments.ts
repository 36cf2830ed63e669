/**
 * Mean and sum of squared deviations of every channel of a matrix [rows, channels], by blocks of rows that are read twice
 * while they are in the cache, each combined with what came before (Chan, Golub and LeVeque's formula).
 */
import { beginOf } from './parts'

/** Rows of a block. */
const BLOCK = 64

/** Of the rows from `src` on, written to `mean` and `squares` (values each). */
export function momentsOf(src: usize, rows: i32, channels: i32, mean: usize, squares: usize): void {
  let c = 0
  for (; c + 16 <= channels; c += 16) {
    momentsOf16(src + (c << 2), rows, channels << 2, mean + (c << 2), squares + (c << 2))
  }
  for (; c < channels; c++) momentsOf1(src + (c << 2), rows, channels << 2, mean + (c << 2), squares + (c << 2))
}

/** Of 16 channels at once: a cache line a row. */
function momentsOf16(src: usize, rows: i32, stride: i32, mean: usize, squares: usize): void {
  memory.fill(mean, 0, 64)
  memory.fill(squares, 0, 64)
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first)
    const begin = src + first * stride
    const end = begin + count * stride
    let a = f32x4.splat(0), b = a, c = a, d = a
    for (let row = begin; row < end; row += stride) {
      a = f32x4.add(a, v128.load(row))
      b = f32x4.add(b, v128.load(row, 16))
      c = f32x4.add(c, v128.load(row, 32))
      d = f32x4.add(d, v128.load(row, 48))
    }
    const share = f32x4.splat(1 / <f32>count)
    a = f32x4.mul(a, share)
    b = f32x4.mul(b, share)
    c = f32x4.mul(c, share)
    d = f32x4.mul(d, share)
    let e = f32x4.splat(0), f = e, g = e, h = e
    for (let row = begin; row < end; row += stride) {
      e = addSquare(e, v128.load(row), a)
      f = addSquare(f, v128.load(row, 16), b)
      g = addSquare(g, v128.load(row, 32), c)
      h = addSquare(h, v128.load(row, 48), d)
    }
    combine(mean, squares, a, e, first, count)
    combine(mean + 16, squares + 16, b, f, first, count)
    combine(mean + 32, squares + 32, c, g, first, count)
    combine(mean + 48, squares + 48, d, h, first, count)
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function addSquare(sum: v128, value: v128, mean: v128): v128 {
  const deviation = f32x4.sub(value, mean)
  return f32x4.add(sum, f32x4.mul(deviation, deviation))
}

/** Adds the moments of `count` rows to those of `seen` in memory. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function combine(mean: usize, squares: usize, ownMean: v128, ownSquares: v128, seen: i32, count: i32): void {
  const share = <f32>count / <f32>(seen + count)
  const old = v128.load(mean)
  const delta = f32x4.sub(ownMean, old)
  v128.store(mean, f32x4.add(old, f32x4.mul(delta, f32x4.splat(share))))
  const between = f32x4.mul(f32x4.mul(delta, delta), f32x4.splat(<f32>seen * share))
  v128.store(squares, f32x4.add(v128.load(squares), f32x4.add(ownSquares, between)))
}

function momentsOf1(src: usize, rows: i32, stride: i32, mean: usize, squares: usize): void {
  let sum: f64 = 0
  const end = src + rows * stride
  for (let row = src; row < end; row += stride) sum += <f64>load<f32>(row)
  const average = rows == 0 ? 0 : sum / <f64>rows
  let square: f64 = 0
  for (let row = src; row < end; row += stride) {
    const deviation = <f64>load<f32>(row) - average
    square += deviation * deviation
  }
  store<f32>(mean, <f32>average)
  store<f32>(squares, <f32>square)
}

/**
 * The mean and the biased variance of every channel of all rows, from what `momentsOf` left of each part's rows: at
 * `partial`, `stride` bytes a part, half of them means and half squares. Rows are divided as by `beginOf` in ones.
 */
export function combineParts(
  partial: usize, stride: i32, parts: i32, rows: i32, channels: i32, mean: usize, variance: usize,
): void {
  for (let c = 0; c < channels; c++) {
    let average: f32 = 0
    let squares: f32 = 0
    let seen = 0
    for (let part = 0; part < parts; part++) {
      const end = beginOf(part + 1, parts, rows, 1)
      if (end == seen) continue
      const own = partial + part * stride + (c << 2)
      const share = <f32>(end - seen) / <f32>end
      const delta = load<f32>(own) - average
      average += delta * share
      squares += load<f32>(own + (stride >> 1)) + delta * delta * <f32>seen * share
      seen = end
    }
    store<f32>(mean + (c << 2), average)
    store<f32>(variance + (c << 2), squares / <f32>rows)
  }
}
