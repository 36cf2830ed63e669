/** Affine maps of images, as Keras's ImageDataGenerator makes them. */
import { cos as cosOf, sin as sinOf } from '../../core/trigonometry.js'
import type { Placement } from './placement.js'

/** The values of one map; Keras calls rows x and columns y. */
export interface AffineValues {
  /** Degrees. */
  rotation: number
  /** Pixels. */
  shiftRows: number
  shiftColumns: number
  /** Degrees. */
  shear: number
  zoomRows: number
  zoomColumns: number
}

/** (row, column) -> (rowRow row + rowColumn column + row, columnRow row + columnColumn column + column). */
export interface AffineMap {
  rowRow: number
  rowColumn: number
  row: number
  columnRow: number
  columnColumn: number
  column: number
}

const RADIANS = Math.PI / 180

/**
 * The map from output to input pixels: C R(rotation) T(shift) Shear Zoom C^-1 with
 * Shear = [[1, -sin s], [0, cos s]], Zoom = diag(zoomRows, zoomColumns) and C the move to the centre
 * (height / 2 - 0.5, width / 2 - 0.5). Written into `map`, so that a loop over images allocates nothing.
 */
export function affineMap(values: AffineValues, height: number, width: number, map: AffineMap): AffineMap {
  const cos = cosOf(values.rotation * RADIANS)
  const sin = sinOf(values.rotation * RADIANS)
  const shearCos = cosOf(values.shear * RADIANS)
  const shearSin = sinOf(values.shear * RADIANS)
  const centreRow = height / 2 - 0.5
  const centreColumn = width / 2 - 0.5
  map.rowRow = cos * values.zoomRows
  map.rowColumn = (-cos * shearSin - sin * shearCos) * values.zoomColumns
  map.columnRow = sin * values.zoomRows
  map.columnColumn = (cos * shearCos - sin * shearSin) * values.zoomColumns
  const shiftRow = cos * values.shiftRows - sin * values.shiftColumns
  const shiftColumn = sin * values.shiftRows + cos * values.shiftColumns
  map.row = centreRow + shiftRow - map.rowRow * centreRow - map.rowColumn * centreColumn
  map.column = centreColumn + shiftColumn - map.columnRow * centreRow - map.columnColumn * centreColumn
  return map
}

export function identityMap(): AffineMap {
  return { rowRow: 1, rowColumn: 0, row: 0, columnRow: 0, columnColumn: 1, column: 0 }
}

/** Resamples images of one size: bilinear, the edge pixels repeated beyond the edge. */
export class Warp {
  /** The image with its last row and column repeated once: the neighbours at the edge need no test. */
  private readonly padded: Float32Array

  constructor(
    private readonly height: number,
    private readonly width: number,
  ) {
    this.padded = new Float32Array((height + 1) * (width + 1))
  }

  /**
   * Writes the image that begins at `from` in `source` to `to` in `target`, mapped by `map` and then flipped
   * and moved by `placement`, all in one interpolation.
   */
  apply(
    map: AffineMap,
    placement: Placement,
    source: Uint8Array,
    from: number,
    target: Float32Array,
    to: number,
  ): void {
    this.pad(source, from)
    const { padded, height, width } = this
    const { flipRows, flipColumns, rows, columns, top, bottom, left, right } = placement
    if (placement.leavesGaps) target.fill(0, to, to + height * width)
    const lastRow = height - 1
    const lastColumn = width - 1
    const stride = width + 1
    const rowPerColumn = flipColumns ? -map.rowColumn : map.rowColumn
    const columnPerColumn = flipColumns ? -map.columnColumn : map.columnColumn
    const firstColumn = flipColumns ? lastColumn - (left - columns) : left - columns
    for (let i = top; i < bottom; i++) {
      const mappedRow = flipRows ? lastRow - (i - rows) : i - rows
      let row = map.rowRow * mappedRow + map.rowColumn * firstColumn + map.row
      let column = map.columnRow * mappedRow + map.columnColumn * firstColumn + map.column
      const end = to + i * width + right
      for (let write = to + i * width + left; write < end; write++) {
        const y = row < 0 ? 0 : Math.min(row, lastRow)
        const x = column < 0 ? 0 : Math.min(column, lastColumn)
        // Truncation is the floor of what is not negative.
        const y0 = y | 0
        const x0 = x | 0
        const at = y0 * stride + x0
        const upperLeft = padded[at] as number
        const lowerLeft = padded[at + stride] as number
        const upper = upperLeft + (x - x0) * ((padded[at + 1] as number) - upperLeft)
        const lower = lowerLeft + (x - x0) * ((padded[at + stride + 1] as number) - lowerLeft)
        target[write] = upper + (y - y0) * (lower - upper)
        row += rowPerColumn
        column += columnPerColumn
      }
    }
  }

  private pad(source: Uint8Array, from: number): void {
    const { padded, height, width } = this
    const stride = width + 1
    let read = from
    for (let i = 0; i < height; i++) {
      const start = i * stride
      for (let j = 0; j < width; j++) padded[start + j] = source[read++] as number
      padded[start + width] = padded[start + width - 1] as number
    }
    padded.copyWithin(height * stride, (height - 1) * stride, height * stride)
  }
}
