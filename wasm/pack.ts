/**
 * Weights as panels of 8 columns: what products read in one go.
 *
 * `panels[panel][tap][k][8]`: the panel's 8 columns n for each k and tap, those that do not exist being zero. Weights lie as
 * `weights[n nStride + k kStride + tap]`: forward n is the output channel and k the input channel, backward they
 * change places.
 */
import { beginOf } from './parts'
import { ceiling } from './windows'

/** Arguments of `packWeights`. */
@unmanaged
class Packing {
  weights: usize
  panels: usize
  n: i32
  k: i32
  /** In values. */
  nStride: i32
  kStride: i32
  /** The taps that are kept, a box of the window, which begins `firstTap` values on. */
  firstTap: i32
  tapRows: i32
  tapColumns: i32
  /** Columns of the whole window. */
  windowWidth: i32
}

/** Each thread packs some panels. */
export function packWeights(args: usize, part: i32, parts: i32): void {
  const p = changetype<Packing>(args)
  const panels = ceiling(p.n, 8)
  const tapBytes = (p.k << 5) as usize
  const end = beginOf(part + 1, parts, panels, 1)
  for (let panel = beginOf(part, parts, panels, 1); panel < end; panel++) {
    let to = p.panels + (panel * p.tapRows * p.tapColumns as usize) * tapBytes
    const from = p.weights + ((panel * 8 * p.nStride + p.firstTap) << 2)
    for (let i = 0; i < p.tapRows; i++) {
      for (let j = 0; j < p.tapColumns; j++) {
        packPanel(from + ((i * p.windowWidth + j) << 2), to, min(8, p.n - panel * 8), p.k, p.nStride, p.kStride)
        to += tapBytes
      }
    }
  }
}

/** One tap of a panel: 8 values for each of `k`. */
export function packPanel(from: usize, to: usize, columns: i32, k: i32, nStride: i32, kStride: i32): void {
  if (columns == 8 && kStride == 1) packTransposed(from, to, k, (nStride << 2) as usize)
  else if (columns == 8 && nStride == 1) packLines(from, to, k, (kStride << 2) as usize)
  else packValues(from, to, columns, k, (nStride << 2) as usize, (kStride << 2) as usize)
}

/** Columns that lie side by side. */
function packLines(from: usize, to: usize, k: i32, stride: usize): void {
  for (const end = to + (k << 5); to < end; to += 32, from += stride) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
  }
}

/** Columns each of which lies in one piece: transposed by 4 x 4. */
function packTransposed(from: usize, to: usize, k: i32, stride: usize): void {
  const whole = to + ((k & ~3) << 5)
  const lower = from + 4 * stride
  let at: usize = 0
  for (; to < whole; to += 128, at += 16) {
    transpose(from + at, stride, to)
    transpose(lower + at, stride, to + 16)
  }
  packValues(from + at, to, 8, k & 3, stride, 4)
}

/** Four values of four lines, as four columns 32 bytes apart. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function transpose(from: usize, stride: usize, to: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + stride)
  const c = v128.load(from + 2 * stride)
  const d = v128.load(from + 3 * stride)
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
  const abUpper = i32x4.shuffle(a, b, 2, 6, 3, 7)
  const cdUpper = i32x4.shuffle(c, d, 2, 6, 3, 7)
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2))
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32)
  v128.store(to, i64x2.shuffle(abUpper, cdUpper, 0, 2), 64)
  v128.store(to, i64x2.shuffle(abUpper, cdUpper, 1, 3), 96)
}

function packValues(from: usize, to: usize, columns: i32, k: i32, nStride: usize, kStride: usize): void {
  for (let i = 0; i < k; i++, from += kStride, to += 32) {
    for (let j = 0; j < 8; j++) store<f32>(to + (j << 2), j < columns ? load<f32>(from + (j as usize) * nStride) : 0)
  }
}
