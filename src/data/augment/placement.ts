/** Flips and whole-pixel shifts: which source pixel an output pixel shows. */

/**
 * Output pixel (i, j) shows the source at (rowStep i + rowStart, columnStep j + columnStart) where
 * top <= i < bottom and left <= j < right, and zero elsewhere. One object is used for image after image.
 */
export class Placement {
  rowStep = 1
  rowStart = 0
  columnStep = 1
  columnStart = 0
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

  /** Flips first, then moves the picture down by `rows` and to the right by `columns`. */
  set(flipRows: boolean, flipColumns: boolean, rows: number, columns: number): void {
    const { height, width } = this
    this.rowStep = flipRows ? -1 : 1
    this.rowStart = flipRows ? height - 1 + rows : -rows
    this.columnStep = flipColumns ? -1 : 1
    this.columnStart = flipColumns ? width - 1 + columns : -columns
    this.top = Math.max(0, rows)
    this.bottom = Math.min(height, height + rows)
    this.left = Math.max(0, columns)
    this.right = Math.min(width, width + columns)
  }

  /** Whether some output pixels lie outside the picture. */
  get leavesGaps(): boolean {
    return this.top > 0 || this.left > 0 || this.bottom < this.height || this.right < this.width
  }
}

/** Copies the image that begins at `from` in `source` to `to` in `target`, flipped and moved. */
export function place(
  placement: Placement,
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
): void {
  const { width, rowStep, rowStart, columnStep, columnStart, top, bottom, left, right } = placement
  if (placement.leavesGaps) target.fill(0, to, to + placement.height * width)
  for (let i = top; i < bottom; i++) {
    let read = from + (rowStep * i + rowStart) * width + columnStep * left + columnStart
    const end = to + i * width + right
    for (let write = to + i * width + left; write < end; write++) {
      target[write] = source[read] as number
      read += columnStep
    }
  }
}
