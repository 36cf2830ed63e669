/** Bilinear enlarging of maps. */

export interface MapSize {
  readonly height: number
  readonly width: number
}

/** A map [height, width] over more pixels; those of both maps are squares, whose centres the values stand for. */
export function enlarge(values: Float32Array, from: MapSize, to: MapSize): Float32Array {
  const rows = stations(from.height, to.height)
  const columns = stations(from.width, to.width)
  const at = (row: number, column: number): number => values[row * from.width + column] as number
  const enlarged = rows.flatMap((row) =>
    columns.map((column) => {
      const above = mixed(at(row.before, column.before), at(row.before, column.after), column.share)
      const below = mixed(at(row.after, column.before), at(row.after, column.after), column.share)
      return mixed(above, below, row.share)
    }),
  )
  return Float32Array.from(enlarged)
}

/** The two old pixels between whose centres a new one's lies, and the share of the second. */
interface Station {
  readonly before: number
  readonly after: number
  readonly share: number
}

function stations(from: number, to: number): readonly Station[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
    const before = Math.floor(centre)
    return { before, after: Math.min(before + 1, from - 1), share: centre - before }
  })
}

const mixed = (a: number, b: number, share: number): number => a + share * (b - a)
