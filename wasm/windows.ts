/**
 * Where the windows of a convolution lie, block by block of pixels, as lists of addresses: a product over them reads the
 * images as they are, with no copy of windows in between.
 *
 * Rows of the product are the pixels of one image grid ("here"), each of whose windows covers pixels of another
 * ("there"): for tap i, row y sees row y stride - padding + i; transposed, row (y + padding - i) / stride where that is
 * whole. Here is the result of a convolution or, transposed, of its gradient by the images. A dense layer is
 * the same over images of one pixel.
 *
 * Pixels are dealt out in classes: those whose rows differ by multiples of `stepRow`, and columns of `stepColumn`. With steps
 * of 1 there is one class; with steps as large as the image each pixel, in all images, is one; with the strides of
 * a transposed convolution all pixels of a class have the same taps. Taps that meet nothing from a whole class are left
 * out, others that meet nothing see zeros.
 */

/** As the arguments of a kernel begin; `src/engine/wasm/steps/windows.ts` writes it. */
@unmanaged
export class Windows {
  images: i32
  /** The grid of pixels that are rows of the product. */
  height: i32
  width: i32
  /** The grid that the windows are over. */
  seenHeight: i32
  seenWidth: i32
  /** Taps of a window. */
  windowHeight: i32
  windowWidth: i32
  strideRow: i32
  strideColumn: i32
  top: i32
  left: i32
  transposed: i32
  stepRow: i32
  stepColumn: i32
  /** Whether taps that meet nothing are kept. */
  everyTap: i32
  /** Pixels of a block, at most. */
  blockRows: i32
}

/** Windows that are listed by each thread, in memory of its own. */
@unmanaged
export class ListedWindows extends Windows {
  /** That of all threads, so many bytes apart: zeros, a list of windows, then what else the kernel needs. */
  scratch: usize
  scratchBytes: usize
  listBytes: usize
  zeroBytes: usize
}

/** A thread's own memory, at whose beginning it finds zeros. */
export function ownMemory(w: ListedWindows, part: i32): usize {
  const own = w.scratch + (part as usize) * w.scratchBytes
  memory.fill(own, 0, w.zeroBytes)
  return own
}

/** A row or column that lies outside of every image, however far one goes on from it. */
const NOWHERE: i32 = -(1 << 28)

// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function ceiling(count: i32, group: i32): i32 {
  return (count + group - 1) / group
}

/** Pixels of the class that begins there. */
export function pixelsOf(w: Windows, row: i32, column: i32): i32 {
  return w.images * ceiling(w.height - row, w.stepRow) * ceiling(w.width - column, w.stepColumn)
}

/** Bytes of one tap's entry in a table, and of the list of rows before them. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function entryBytes(w: Windows): usize {
  return ((w.blockRows + 1) << 2) as usize
}

/** The row or column that the first pixel of a class sees by a tap. */
function firstSeen(w: Windows, first: i32, tap: i32, stride: i32, padding: i32): i32 {
  if (!w.transposed) return first * stride - padding + tap
  const scaled = first + padding - tap
  return scaled % stride == 0 ? scaled / stride : NOWHERE
}

/** How far what is seen moves from one pixel of a class to the next. */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
function pace(w: Windows, step: i32, stride: i32): i32 {
  return w.transposed ? step / stride : step * stride
}

/** Whether any of `count` places, from `seen` on, lies in the image. */
function meets(seen: i32, pace: i32, count: i32, extent: i32): bool {
  for (let i = 0; i < count; i++, seen += pace) if ((seen as u32) < (extent as u32)) return true
  return false
}

/**
 * Lists `count` pixels of a class from its pixel `first` on, and returns the number of taps. At `table` come the addresses of
 * the pixels in `here`, then, an entry each, the taps: `tapBytes` times the tap's number, and the addresses of what the pixels
 * see in `there`, or `zeros`. `hereBytes` and `thereBytes` are those of a pixel.
 */
export function listWindows(
  w: Windows, row: i32, column: i32, first: i32, count: i32, table: usize,
  here: usize, hereBytes: usize, there: usize, thereBytes: usize, zeros: usize, tapBytes: usize,
): i32 {
  const bytes = entryBytes(w)
  listPixels(w, row, column, first, count, table, here, hereBytes)
  let taps = 0
  for (let i = 0; i < w.windowHeight; i++) {
    const seenRow = firstSeen(w, row, i, w.strideRow, w.top)
    const rows = ceiling(w.height - row, w.stepRow)
    if (!w.everyTap && !meets(seenRow, pace(w, w.stepRow, w.strideRow), rows, w.seenHeight)) continue
    for (let j = 0; j < w.windowWidth; j++) {
      const seenColumn = firstSeen(w, column, j, w.strideColumn, w.left)
      const columns = ceiling(w.width - column, w.stepColumn)
      if (!w.everyTap && !meets(seenColumn, pace(w, w.stepColumn, w.strideColumn), columns, w.seenWidth)) continue
      const entry = table + bytes * (taps + 1)
      store<u32>(entry, ((i * w.windowWidth + j) as usize) * tapBytes)
      listTap(w, rows, columns, seenRow, seenColumn, first, count, entry + 4, there, thereBytes, zeros)
      taps++
    }
  }
  return taps
}

/** The addresses of the pixels themselves. */
function listPixels(
  w: Windows, row: i32, column: i32, first: i32, count: i32, list: usize, here: usize, hereBytes: usize,
): void {
  const columns = ceiling(w.width - column, w.stepColumn)
  const rows = ceiling(w.height - row, w.stepRow)
  let x = first % columns
  let y = first / columns % rows
  let image = first / (columns * rows)
  for (let i = 0; i < count; i++) {
    const pixel = (image * w.height + row + y * w.stepRow) * w.width + column + x * w.stepColumn
    store<usize>(list + (i << 2), here + (pixel as usize) * hereBytes)
    if (++x < columns) continue
    x = 0
    if (++y < rows) continue
    y = 0
    image++
  }
}

/** The addresses of what they see by one tap, row by row of the class. */
function listTap(
  w: Windows, rows: i32, columns: i32, firstRow: i32, firstColumn: i32, first: i32, count: i32,
  list: usize, there: usize, thereBytes: usize, zeros: usize,
): void {
  const paceRow = pace(w, w.stepRow, w.strideRow)
  const paceColumn = pace(w, w.stepColumn, w.strideColumn)
  let x = first % columns
  let y = first / columns % rows
  let image = first / (columns * rows)
  const end = list + (count << 2)
  while (list < end) {
    const seen = firstRow + y * paceRow
    const run = min(list + ((columns - x) << 2), end)
    if ((seen as u32) < (w.seenHeight as u32)) {
      const line = there + ((image * w.seenHeight + seen) * w.seenWidth as usize) * thereBytes
      listRun(list, run, line, firstColumn + x * paceColumn, paceColumn, w.seenWidth, thereBytes, zeros)
    } else {
      for (let at = list; at < run; at += 4) store<usize>(at, zeros)
    }
    list = run
    x = 0
    if (++y < rows) continue
    y = 0
    image++
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function listRun(
  list: usize, end: usize, line: usize, seen: i32, pace: i32, extent: i32, bytes: usize, zeros: usize,
): void {
  for (; list < end; list += 4, seen += pace) {
    store<usize>(list, (seen as u32) < (extent as u32) ? line + (seen as usize) * bytes : zeros)
  }
}
