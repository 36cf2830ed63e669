/** Flips and whole-pixel shifts. */

/**
 * The picture is flipped, then moved down by `rows` and to the right by `columns`. It fills the output rows
 * top <= i < bottom and columns left <= j < right; the rest is zero. One object serves image after image.
 */
export class Placement {
  flipRows = false
  flipColumns = false
  rows = 0
  columns = 0
  top = 0
  bottom: number
  left = 0
  right: number

  constructor(
    readonly height: number,
    readonly width: number,
  ) {
    this.bottom = height
    this.right = width
  }

  set(flipRows: boolean, flipColumns: boolean, rows: number, columns: number): void {
    this.flipRows = flipRows
    this.flipColumns = flipColumns
    this.rows = rows
    this.columns = columns
    this.top = Math.max(0, rows)
    this.bottom = Math.min(this.height, this.height + rows)
    this.left = Math.max(0, columns)
    this.right = Math.min(this.width, this.width + columns)
  }

  /** Whether some output pixels lie outside the picture. */
  get leavesGaps(): boolean {
    return this.rows !== 0 || this.columns !== 0
  }
}

/**
 * Copies the image that begins at `from` in `source` to `to` in `target`, flipped and moved: moved first, the
 * other way along flipped axes, since that takes one copy of consecutive bytes, then flipped in place.
 */
export function place(
  placement: Placement,
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
): void {
  const { height, width, flipRows, flipColumns } = placement
  const size = height * width
  if (placement.leavesGaps) target.fill(0, to, to + size)
  if (placement.top >= placement.bottom || placement.left >= placement.right) return
  const columns = flipColumns ? -placement.columns : placement.columns
  const shift = (flipRows ? -placement.rows : placement.rows) * width + columns
  const visible = source.subarray(from + Math.max(0, -shift), from + Math.min(size, size - shift))
  target.set(visible, to + Math.max(0, shift))
  // Pixels that left a row on one side have come into its neighbour on the other.
  for (let row = to; columns !== 0 && row < to + size; row += width) {
    const end = columns > 0 ? row + columns : row + width
    for (let at = columns > 0 ? row : end + columns; at < end; at++) target[at] = 0
  }
  // Reversing the whole image flips both axes, reversing each row flips the columns alone.
  if (flipRows) reverse(target, to, to + size)
  if (flipRows !== flipColumns) {
    for (let row = to; row < to + size; row += width) reverse(target, row, row + width)
  }
}

function reverse(values: Uint8Array, start: number, end: number): void {
  for (let low = start, high = end - 1; low < high; low++, high--) {
    const held = values[low] as number
    values[low] = values[high] as number
    values[high] = held
  }
}
