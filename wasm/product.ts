/**
 * Matrix products whose left operand is windows over images, the right one weights in panels: dst = [relu](windows
 * weights + bias). Convolutions, their gradients by the images, and dense layers are such products.
 *
 * Blocks of pixels, whose windows' addresses are listed once; in a block, pieces of the sums' length k, whose 8 columns of
 * weights stay in the first-level cache; in a piece, panels of weights; for a panel, tiles of rows.
 */
import { packPanel } from './pack'
import { beginOf } from './parts'
import { rowsTile1, rowsTile4, rowsTile6, setEnds, tileHeight } from './product-tiles'
import { ceiling, entryBytes, ListedWindows, listWindows, ownMemory, pixelsOf } from './windows'

/** The length of a piece of the sums: 8 columns of it take 12 KiB. */
const DEPTH: i32 = 384

/** Arguments of `product`; a thread's memory goes on with copies of windows, and a panel. */
@unmanaged
class Product extends ListedWindows {
  src: usize
  channels: i32
  dst: usize
  /** Columns of the result: its channels. */
  out: i32
  /** Packed weights, or 0: each thread then packs what it needs of `weights`, a window of one tap. */
  panels: usize
  weights: usize
  nStride: i32
  kStride: i32
  /** 0 where there is none. */
  bias: usize
  relu: i32
  /** Bytes of the copies that pieces of windows are read from, 0 where they are read as they lie. */
  copyBytes: usize
  /** Whether threads share out the columns of the result rather than blocks of its rows. */
  byColumns: i32
}

export function product(args: usize, part: i32, parts: i32): void {
  const p = changetype<Product>(args)
  const zeros = ownMemory(p, part)
  const panels = ceiling(p.out, 8)
  const firstPanel = p.byColumns ? beginOf(part, parts, panels, 1) : 0
  const endPanel = p.byColumns ? beginOf(part + 1, parts, panels, 1) : panels
  let block = 0
  for (let row = 0; row < p.stepRow; row++) {
    for (let column = 0; column < p.stepColumn; column++) {
      const pixels = pixelsOf(p, row, column)
      for (let first = 0; first < pixels; first += p.blockRows, block++) {
        if (!p.byColumns && block % parts != part) continue
        multiplyBlock(p, row, column, first, min(p.blockRows, pixels - first), zeros, firstPanel, endPanel)
      }
    }
  }
}

/** Lists a block's windows and multiplies them, piece by piece of the sums. */
function multiplyBlock(
  p: Product, row: i32, column: i32, first: i32, count: i32, zeros: usize, firstPanel: i32, endPanel: i32,
): void {
  const table = zeros + p.zeroBytes
  const channels = p.channels
  const thereBytes = (channels << 2) as usize
  const taps = listWindows(
    p, row, column, first, count, table, p.dst, (p.out << 2) as usize, p.src, thereBytes, zeros, 8 * thereBytes,
  )
  // Copied taps are read as one, so their weights must be neighbours.
  const tapsAtOnce = p.copyBytes && !p.everyTap ? 1 : max(1, DEPTH / channels)
  const depth = (ceiling(channels, ceiling(channels, DEPTH + DEPTH / 2)) + 3) & ~3
  let tap = 0
  do {
    const some = min(tapsAtOnce, taps - tap)
    const entry = table + entryBytes(p) * (tap + 1)
    for (let skip = 0; skip < channels; skip += depth) {
      const begins = tap == 0 && skip == 0
      const ends = tap + some >= taps && skip + depth >= channels
      const length = min(depth, channels - skip)
      multiplyPiece(p, table, entry, some, skip, length, count, firstPanel, endPanel, begins, ends)
    }
    tap += some
  } while (tap < taps)
}

/** Adds a piece of the sums, `some` taps of `depth` channels, in all panels and rows. */
function multiplyPiece(
  p: Product, table: usize, entry: usize, some: i32, skip: i32, depth: i32, count: i32,
  firstPanel: i32, endPanel: i32, begins: bool, ends: bool,
): void {
  const copies = table + p.listBytes
  const own = copies + p.copyBytes
  const zeros = table - p.zeroBytes
  const panelBytes = (p.windowHeight * p.windowWidth * p.channels << 5) as usize
  const bound: f32 = ends && p.relu ? 0 : -f32.MAX_VALUE * 2
  let skipBytes = (skip << 2) as usize
  if (p.copyBytes && some) {
    copyPiece(entryBytes(p), entry, some, skipBytes, depth, count, copies)
    entry = copies
    skipBytes = 0
  }
  for (let panel = firstPanel; panel < endPanel; panel++) {
    const columns = min(8, p.out - panel * 8)
    const column = (panel << 5) as usize
    let weights = p.panels + (panel as usize) * panelBytes + (skip << 5)
    if (!p.panels) {
      const from = p.weights + ((panel * 8 * p.nStride + skip * p.kStride) << 2)
      packPanel(from, own, columns, depth, p.nStride, p.kStride)
      weights = own
    }
    setEnds(begins ? (p.bias ? p.bias + column : zeros) : 0, bound, columns)
    if (p.copyBytes) multiplyRows(p, table, entry, min(some, 1), 0, some * depth, count, weights, column)
    else multiplyRows(p, table, entry, some, skipBytes, depth, count, weights, column)
  }
}

/** A piece of all rows in one panel, tile by tile. */
function multiplyRows(
  p: Product, table: usize, entry: usize, taps: i32, skip: usize, depth: i32, count: i32, weights: usize, column: usize,
): void {
  const stride = entryBytes(p)
  for (let row = 0, height = 0; row < count; row += height) {
    height = tileHeight(count - row)
    const at = (4 + (row << 2)) as usize
    const rows = table + (row << 2)
    if (ASC_FEATURE_RELAXED_SIMD && height == 6) {
      rowsTile6(entry, at, stride, taps, skip, depth, weights, rows, column)
    } else if (height == 4) rowsTile4(entry, at, stride, taps, skip, depth, weights, rows, column)
    else rowsTile1(entry, at, stride, taps, skip, depth, weights, rows, column)
  }
}

/**
 * Copies a piece of each window, `depth` channels of `taps`, into one line, and lists the lines at `to` as those of one tap;
 * the lines follow. `bytes` are those of a tap's entry. Lines lie an odd number of cache lines apart.
 */
function copyPiece(bytes: usize, entry: usize, taps: i32, skip: usize, depth: i32, count: i32, to: usize): void {
  const length = (depth << 2) as usize
  const line = (length * taps + 63 & ~63) | 64
  const lines = to + (bytes + 63 & ~63)
  store<u32>(to, load<u32>(entry))
  for (let row = 0; row < count; row++) store<usize>(to + 4 + (row << 2), lines + (row as usize) * line)
  for (let tap = 0; tap < taps; tap++, entry += bytes) {
    let at = lines + (tap as usize) * length
    for (let row = 0; row < count; row++, at += line) {
      copyValues(load<usize>(entry + 4 + (row << 2)) + skip, at, length)
    }
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function copyValues(from: usize, to: usize, bytes: usize): void {
  let at: usize = 0
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, v128.load(from + at))
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at))
}
