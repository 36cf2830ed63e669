/**
 * Micro-kernels of matrix products: tiles of 6, 4 or 1 rows and 8 columns, whose sums stay in registers.
 *
 * A panel holds 8 columns of the right operand: for each k, 8 values. With fused multiply-adds six rows take all 15
 * registers that V8 has on x64: 12 sums, 2 vectors of the panel, and a value of the left operand in all lanes. Without,
 * products need a register too, and five rows are too many in some versions: V8 then spills sums, as it does where
 * the innermost loops are unrolled by hand.
 */
import { madd } from './simd'
import { storeSome } from './vectors'

/** How the sums leave the next tiles: see `setEnds`. Each thread has its own. */
let start: usize = 0
let least: f32 = 0
let columns: i32 = 8

/**
 * Sums begin with the 8 values at `first`, in each row, or, where that is 0, with what lies at the result; the results are at
 * least `bound` (0 for ReLU, else minus infinity), and the result has that many of 8 columns.
 */
export function setEnds(first: usize, bound: f32, existing: i32): void {
  start = first
  least = bound
  columns = existing
}

/** Writes 8 sums of a row to `dst`. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function finish(dst: usize, left: v128, right: v128): void {
  const from = start ? start : dst
  const bound = f32x4.splat(least)
  left = f32x4.pmax(f32x4.add(v128.load(from), left), bound)
  right = f32x4.pmax(f32x4.add(v128.load(from, 16), right), bound)
  if (columns == 8) {
    v128.store(dst, left)
    v128.store(dst, right, 16)
  } else {
    finishPart(dst, left, right)
  }
}

/** Writes the first `columns` of 8 sums. */
function finishPart(dst: usize, left: v128, right: v128): void {
  storeSome(dst, left, columns)
  if (columns > 4) storeSome(dst + 16, right, columns - 4)
}

/**
 * Six rows of a product whose left operand lies in pieces, one for each tap of a window.
 *
 * `tap` is the address of the first tap's entry, the next ones lie `stride` bytes on. An entry has the byte offset of
 * the tap's part of `panel` and then, for each row, the address of `count` values of the left operand, of which the
 * first `skip` bytes are left out; `row` is the offset of this tile's first address. `rows` has the addresses of the
 * result's rows, `column` the offset of the 8 columns in them.
 */
export function rowsTile6(
  tap: usize, row: usize, stride: usize, taps: i32, skip: usize, count: i32, panel: usize,
  rows: usize, column: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0)
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0), c50 = f32x4.splat(0), c51 = f32x4.splat(0)
  for (let t = 0; t < taps; t++) {
    let b = panel + load<u32>(tap)
    const end = b + (count << 5)
    let a0 = load<usize>(tap + row) + skip
    let a1 = load<usize>(tap + row, 4) + skip
    let a2 = load<usize>(tap + row, 8) + skip
    let a3 = load<usize>(tap + row, 12) + skip
    let a4 = load<usize>(tap + row, 16) + skip
    let a5 = load<usize>(tap + row, 20) + skip
    while (b < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16)
      let a = v128.load32_splat(a0)
      c00 = madd(a, b0, c00), c01 = madd(a, b1, c01)
      a = v128.load32_splat(a1)
      c10 = madd(a, b0, c10), c11 = madd(a, b1, c11)
      a = v128.load32_splat(a2)
      c20 = madd(a, b0, c20), c21 = madd(a, b1, c21)
      a = v128.load32_splat(a3)
      c30 = madd(a, b0, c30), c31 = madd(a, b1, c31)
      a = v128.load32_splat(a4)
      c40 = madd(a, b0, c40), c41 = madd(a, b1, c41)
      a = v128.load32_splat(a5)
      c50 = madd(a, b0, c50), c51 = madd(a, b1, c51)
      a0 += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, a5 += 4
      b += 32
    }
    tap += stride
  }
  finish(load<usize>(rows) + column, c00, c01)
  finish(load<usize>(rows, 4) + column, c10, c11)
  finish(load<usize>(rows, 8) + column, c20, c21)
  finish(load<usize>(rows, 12) + column, c30, c31)
  finish(load<usize>(rows, 16) + column, c40, c41)
  finish(load<usize>(rows, 20) + column, c50, c51)
}

/** Four rows: see `rowsTile6`. */
export function rowsTile4(
  tap: usize, row: usize, stride: usize, taps: i32, skip: usize, count: i32, panel: usize,
  rows: usize, column: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0)
  for (let t = 0; t < taps; t++) {
    let b = panel + load<u32>(tap)
    const end = b + (count << 5)
    let a0 = load<usize>(tap + row) + skip
    let a1 = load<usize>(tap + row, 4) + skip
    let a2 = load<usize>(tap + row, 8) + skip
    let a3 = load<usize>(tap + row, 12) + skip
    while (b < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16)
      let a = v128.load32_splat(a0)
      c00 = madd(a, b0, c00), c01 = madd(a, b1, c01)
      a = v128.load32_splat(a1)
      c10 = madd(a, b0, c10), c11 = madd(a, b1, c11)
      a = v128.load32_splat(a2)
      c20 = madd(a, b0, c20), c21 = madd(a, b1, c21)
      a = v128.load32_splat(a3)
      c30 = madd(a, b0, c30), c31 = madd(a, b1, c31)
      a0 += 4, a1 += 4, a2 += 4, a3 += 4
      b += 32
    }
    tap += stride
  }
  finish(load<usize>(rows) + column, c00, c01)
  finish(load<usize>(rows, 4) + column, c10, c11)
  finish(load<usize>(rows, 8) + column, c20, c21)
  finish(load<usize>(rows, 12) + column, c30, c31)
}

/** One row: see `rowsTile6`. */
export function rowsTile1(
  tap: usize, row: usize, stride: usize, taps: i32, skip: usize, count: i32, panel: usize,
  rows: usize, column: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0)
  for (let t = 0; t < taps; t++) {
    let b = panel + load<u32>(tap)
    const end = b + (count << 5)
    let a0 = load<usize>(tap + row) + skip
    while (b < end) {
      const a = v128.load32_splat(a0)
      c0 = madd(a, v128.load(b), c0), c1 = madd(a, v128.load(b, 16), c1)
      a0 += 4
      b += 32
    }
    tap += stride
  }
  finish(load<usize>(rows) + column, c0, c1)
}

/**
 * Six rows of a product of two panels: for each of `count` k, `a` has 6 values and `b` 8. The result's rows lie `stride`
 * bytes apart from `dst` on.
 */
export function panelTile6(a: usize, b: usize, count: i32, dst: usize, stride: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0)
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0), c50 = f32x4.splat(0), c51 = f32x4.splat(0)
  const end = b + (count << 5)
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16)
    let value = v128.load32_splat(a)
    c00 = madd(value, b0, c00), c01 = madd(value, b1, c01)
    value = v128.load32_splat(a, 4)
    c10 = madd(value, b0, c10), c11 = madd(value, b1, c11)
    value = v128.load32_splat(a, 8)
    c20 = madd(value, b0, c20), c21 = madd(value, b1, c21)
    value = v128.load32_splat(a, 12)
    c30 = madd(value, b0, c30), c31 = madd(value, b1, c31)
    value = v128.load32_splat(a, 16)
    c40 = madd(value, b0, c40), c41 = madd(value, b1, c41)
    value = v128.load32_splat(a, 20)
    c50 = madd(value, b0, c50), c51 = madd(value, b1, c51)
    a += 24
    b += 32
  }
  finish(dst, c00, c01)
  finish(dst + stride, c10, c11)
  finish(dst + 2 * stride, c20, c21)
  finish(dst + 3 * stride, c30, c31)
  finish(dst + 4 * stride, c40, c41)
  finish(dst + 5 * stride, c50, c51)
}

/** Four rows: see `panelTile6`. */
export function panelTile4(a: usize, b: usize, count: i32, dst: usize, stride: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0)
  const end = b + (count << 5)
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16)
    let value = v128.load32_splat(a)
    c00 = madd(value, b0, c00), c01 = madd(value, b1, c01)
    value = v128.load32_splat(a, 4)
    c10 = madd(value, b0, c10), c11 = madd(value, b1, c11)
    value = v128.load32_splat(a, 8)
    c20 = madd(value, b0, c20), c21 = madd(value, b1, c21)
    value = v128.load32_splat(a, 12)
    c30 = madd(value, b0, c30), c31 = madd(value, b1, c31)
    a += 16
    b += 32
  }
  finish(dst, c00, c01)
  finish(dst + stride, c10, c11)
  finish(dst + 2 * stride, c20, c21)
  finish(dst + 3 * stride, c30, c31)
}

/** One row: see `panelTile6`. */
export function panelTile1(a: usize, b: usize, count: i32, dst: usize): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0)
  const end = b + (count << 5)
  while (b < end) {
    const value = v128.load32_splat(a)
    c0 = madd(value, v128.load(b), c0), c1 = madd(value, v128.load(b, 16), c1)
    a += 4
    b += 32
  }
  finish(dst, c0, c1)
}

/** How many of `rows` the next tile takes: 6 with fused multiply-adds, 4, or 1 of those that are left. */
export function tileHeight(rows: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD && rows >= 6 && rows != 8 && rows != 9) return 6
  return rows >= 4 ? 4 : 1
}
