/**
 * Gradients by weights: products over pixels, sums[o][tap][c] = the sum over pixels of diffDst[pixel][o] times what the pixel
 * sees by the tap, src[...][c]; and the sums of diffDst, the gradient by the bias.
 *
 * Threads share out the pixels, each with sums of its own that are added later in the order of the threads, or the
 * columns (tap, c) of the result. Blocks of pixels; in a block, groups of rows o, whose part of diffDst is packed; then panels of
 * 8 columns, which are gathered; for a panel, tiles of rows.
 */
import { beginOf } from './parts'
import { panelTile1, panelTile4, panelTile6, setEnds, tileHeight } from './product-tiles'
import { ceiling, entryBytes, ListedWindows, listWindows, ownMemory, pixelsOf } from './windows'

/** Rows of the result that are packed at a time: with blocks of 256 pixels, 160 KiB. */
const ROWS: i32 = 160

/** Arguments of `productGradient`; a thread's memory goes on with a panel of columns, and panels of rows. */
@unmanaged
class Gradient extends ListedWindows {
  src: usize
  channels: i32
  diffDst: usize
  out: i32
  /** Results: [out][tap][channel], and a thread's own so many bytes apart, or 0 where threads share out the columns. */
  sums: usize
  sumsBytes: usize
  /** Likewise [out]. */
  biasSums: usize
  biasBytes: usize
  /** Whether columns are counted through all taps, since pixels have few channels: every tap is there then. */
  flat: i32
}

export function productGradient(args: usize, part: i32, parts: i32): void {
  const p = changetype<Gradient>(args)
  const zeros = ownMemory(p, part)
  const byColumns = p.sumsBytes == 0
  const sums = p.sums + (part as usize) * p.sumsBytes
  const panels = panelsOf(p)
  const firstPanel = byColumns ? beginOf(part, parts, panels, 1) : 0
  const endPanel = byColumns ? beginOf(part + 1, parts, panels, 1) : panels
  const bias = byColumns && part ? (0 as usize) : p.biasSums + (part as usize) * p.biasBytes
  if (bias) memory.fill(bias, 0, (p.out << 2) as usize)
  if (!p.everyTap) clear(p, sums, firstPanel, endPanel)
  let block = 0
  let fresh = p.everyTap
  for (let row = 0; row < p.stepRow; row++) {
    for (let column = 0; column < p.stepColumn; column++) {
      const pixels = pixelsOf(p, row, column)
      for (let first = 0; first < pixels; first += p.blockRows, block++) {
        if (!byColumns && block % parts != part) continue
        addBlock(p, row, column, first, min(p.blockRows, pixels - first), zeros, sums, bias, firstPanel, endPanel, fresh)
        fresh = 0
      }
    }
  }
}

/** Panels of 8 columns. */
function panelsOf(p: Gradient): i32 {
  const taps = p.windowHeight * p.windowWidth
  return p.flat ? ceiling(taps * p.channels, 8) : taps * ceiling(p.channels, 8)
}

/** The columns where a panel begins, and where those end that it could have. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function panelColumn(p: Gradient, panel: i32): i32 {
  const perTap = ceiling(p.channels, 8)
  return p.flat ? panel * 8 : panel / perTap * p.channels + panel % perTap * 8
}
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function panelColumns(p: Gradient, panel: i32): i32 {
  if (p.flat) return min(8, p.windowHeight * p.windowWidth * p.channels - panel * 8)
  return min(8, p.channels - panel % ceiling(p.channels, 8) * 8)
}

/** Sets a thread's columns of the sums to zero. */
function clear(p: Gradient, sums: usize, firstPanel: i32, endPanel: i32): void {
  if (firstPanel >= endPanel) return
  const length = (p.windowHeight * p.windowWidth * p.channels << 2) as usize
  const last = endPanel - 1
  const begin = (panelColumn(p, firstPanel) << 2) as usize
  const end = ((panelColumn(p, last) + panelColumns(p, last)) << 2) as usize
  for (let o = 0; o < p.out; o++) memory.fill(sums + (o as usize) * length + begin, 0, end - begin)
}

/** Adds a block of pixels to the sums. */
function addBlock(
  p: Gradient, row: i32, column: i32, first: i32, count: i32, zeros: usize, sums: usize, bias: usize,
  firstPanel: i32, endPanel: i32, fresh: i32,
): void {
  const table = zeros + p.zeroBytes
  const panel = table + p.listBytes
  const packed = panel + (p.blockRows << 5)
  const hereBytes = (p.out << 2) as usize
  const thereBytes = (p.channels << 2) as usize
  // A tap's number is wanted, so its bytes are 1.
  const taps = listWindows(
    p, row, column, first, count, table, p.diffDst, hereBytes, p.src, thereBytes, zeros, 1,
  )
  for (let o = 0; o < p.out; o += ROWS) {
    const rows = min(ROWS, p.out - o)
    packRows(table, count, o, rows, packed, bias)
    const target = sums + (o as usize) * thereBytes * (p.windowHeight * p.windowWidth)
    const start = fresh ? zeros : 0
    if (p.flat) addFlat(p, table, count, panel, packed, rows, target, firstPanel, endPanel, start)
    else addTaps(p, table, taps, count, panel, packed, rows, target, firstPanel, endPanel, start)
  }
}

/** The panels of the taps that are listed, as far as they are a thread's own. */
function addTaps(
  p: Gradient, table: usize, taps: i32, count: i32, panel: usize, packed: usize, rows: i32, target: usize,
  firstPanel: i32, endPanel: i32, start: usize,
): void {
  const perTap = ceiling(p.channels, 8)
  const stride = entryBytes(p)
  for (let tap = 0; tap < taps; tap++) {
    const entry = table + stride * (tap + 1)
    const begin = load<i32>(entry) * perTap
    const end = min(begin + perTap, endPanel)
    for (let i = max(begin, firstPanel); i < end; i++) {
      gatherPanel(entry + 4, count, (i - begin << 5) as usize, panel)
      multiplyPanel(p, i, count, panel, packed, rows, target, start)
    }
  }
}

/** Panels whose columns go through all taps. */
function addFlat(
  p: Gradient, table: usize, count: i32, panel: usize, packed: usize, rows: i32, target: usize,
  firstPanel: i32, endPanel: i32, start: usize,
): void {
  const stride = entryBytes(p)
  for (let i = firstPanel; i < endPanel; i++) {
    const columns = panelColumns(p, i)
    for (let j = 0; j < 8; j++) {
      const tap = (i * 8 + j) / p.channels
      const channel = ((i * 8 + j) % p.channels << 2) as usize
      const list = table + stride * (tap + 1) + 4
      let to = panel + (j << 2)
      for (let row = 0; row < count; row++, to += 32) {
        store<f32>(to, j < columns ? load<f32>(load<usize>(list + (row << 2)) + channel) : 0)
      }
    }
    multiplyPanel(p, i, count, panel, packed, rows, target, start)
  }
}

/** Eight channels, `skip` bytes on, of what each pixel sees. */
function gatherPanel(list: usize, count: i32, skip: usize, to: usize): void {
  for (const end = list + (count << 2); list < end; list += 4, to += 32) {
    const from = load<usize>(list) + skip
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
  }
}

function multiplyPanel(
  p: Gradient, panel: i32, count: i32, columns: usize, packed: usize, rows: i32, target: usize, start: usize,
): void {
  const stride = (p.windowHeight * p.windowWidth * p.channels << 2) as usize
  let dst = target + (panelColumn(p, panel) << 2)
  setEnds(start, -f32.MAX_VALUE * 2, panelColumns(p, panel))
  for (let row = 0, height = 0; row < rows; row += height) {
    height = tileHeight(rows - row)
    if (ASC_FEATURE_RELAXED_SIMD && height == 6) panelTile6(packed, columns, count, dst, stride)
    else if (height == 4) panelTile4(packed, columns, count, dst, stride)
    else panelTile1(packed, columns, count, dst)
    packed += (height * count << 2) as usize
    dst += (height as usize) * stride
  }
}

/** Packs `rows` channels of the pixels' gradients from `o` on, tile by tile, and adds them to `bias`. */
function packRows(list: usize, count: i32, o: i32, rows: i32, to: usize, bias: usize): void {
  for (let row = 0, height = 0; row < rows; row += height) {
    height = tileHeight(rows - row)
    packTile(list, list + (count << 2), ((o + row) << 2) as usize, (height << 2) as usize, to, bias)
    to += (height * count << 2) as usize
  }
}

/** One tile, of `bytes` for each pixel. What is written behind a pixel's values is overwritten by the next. */
function packTile(list: usize, end: usize, skip: usize, bytes: usize, to: usize, bias: usize): void {
  let lower = f32x4.splat(0)
  let upper = f32x4.splat(0)
  for (; list < end; list += 4, to += bytes) {
    const from = load<usize>(list) + skip
    const values = v128.load(from)
    v128.store(to, values)
    lower = f32x4.add(lower, values)
    if (!ASC_FEATURE_RELAXED_SIMD || bytes < 24) continue
    const more = v128.load(from, 16)
    v128.store(to, more, 16)
    upper = f32x4.add(upper, more)
  }
  if (!bias) return
  bias += skip
  store<f32>(bias, load<f32>(bias) + f32x4.extract_lane(lower, 0))
  if (bytes < 16) return
  store<f32>(bias, load<f32>(bias, 4) + f32x4.extract_lane(lower, 1), 4)
  store<f32>(bias, load<f32>(bias, 8) + f32x4.extract_lane(lower, 2), 8)
  store<f32>(bias, load<f32>(bias, 12) + f32x4.extract_lane(lower, 3), 12)
  if (!ASC_FEATURE_RELAXED_SIMD || bytes < 24) return
  store<f32>(bias, load<f32>(bias, 16) + f32x4.extract_lane(upper, 0), 16)
  store<f32>(bias, load<f32>(bias, 20) + f32x4.extract_lane(upper, 1), 20)
}
