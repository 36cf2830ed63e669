/** The first convolution's filters as a picture. */
import type { Values } from '../engine/engine.js'
import { firstFilters } from '../graph/first-filters.js'
import type { Graph } from '../graph/graph.js'

export interface Filters {
  readonly layer: string
  readonly count: number
  readonly height: number
  readonly width: number
  /** The largest weight, either way: the ends of the colours. */
  readonly largest: number
  readonly png: Buffer
  /** Of the picture. */
  readonly pixels: { readonly width: number; readonly height: number }
}

/** Filters side by side. */
const COLUMNS = 8
/** Pixels of the picture between them, and of the longer side of one, about. */
const [GAP, FILTER] = [6, 48]

/** Null for a model whose first layer with weights is no convolution over one channel. */
export async function drawFilters(
  graph: Graph,
  weights: ReadonlyMap<string, Values>,
): Promise<Filters | null> {
  const found = firstFilters(graph, weights)
  if (!found?.convolution) return null
  const { layer, count, height, width, values, largest } = found
  const columns = Math.min(COLUMNS, count)
  const side = Math.max(1, Math.round(FILTER / Math.max(height, width)))
  const pixels = {
    width: columns * (width * side + GAP) - GAP,
    height: Math.ceil(count / columns) * (height * side + GAP) - GAP,
  }
  const rgba = new Uint8Array(4 * pixels.width * pixels.height)
  values.forEach((value: number, i: number) => {
    const [filter, tap] = [Math.floor(i / (height * width)), i % (height * width)]
    const x = (filter % columns) * (width * side + GAP) + (tap % width) * side
    const y = Math.floor(filter / columns) * (height * side + GAP) + Math.floor(tap / width) * side
    const color = [...diverging(largest === 0 ? 0 : value / largest), 255]
    for (let dy = 0; dy < side; dy++) {
      for (let dx = 0; dx < side; dx++) rgba.set(color, 4 * ((y + dy) * pixels.width + x + dx))
    }
  })
  const { default: sharp } = await import('sharp')
  const picture = sharp(rgba, { raw: { ...pixels, channels: 4 } })
  const png = await picture.png({ compressionLevel: 9 }).toBuffer()
  return { layer, count, height, width, largest, png, pixels }
}

const [NEGATIVE, ZERO, POSITIVE] = [
  [0x00, 0x72, 0xb2],
  [0xf7, 0xf7, 0xf7],
  [0xd5, 0x5e, 0x00],
] as const

/** Blue for -1, near white for 0, vermilion for 1: two hues that the colour-blind tell apart. */
function diverging(value: number): readonly number[] {
  const end = value < 0 ? NEGATIVE : POSITIVE
  // The root lets small weights be seen.
  const t = Math.sqrt(Math.abs(value))
  return ZERO.map((from, i) => Math.round(from + ((end[i] as number) - from) * t))
}
