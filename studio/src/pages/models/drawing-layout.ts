/** Where the boxes of a network's drawing stand. Pure geometry. */
import type { Layer } from '../../../../src/server/schemas/models.js'

export interface Box {
  readonly layer: Layer
  readonly x: number
  readonly width: number
  readonly height: number
}

export interface Edge {
  readonly from: Box
  readonly to: Box
  /** It leaps over boxes between, as residual connections do. */
  readonly leaps: boolean
}

export interface Layout {
  readonly boxes: readonly Box[]
  readonly edges: readonly Edge[]
  readonly width: number
}

const GAP = 14
/** Pixels for the height of one pixel of an image, and for each doubling of channels or of units. */
const [PER_PIXEL, PER_CHANNELS, PER_UNITS] = [5, 3.5, 12] as const

/** Boxes in the layers' order from left to right: as high as their images, as wide as they have channels. */
export function layOut(layers: readonly Layer[]): Layout {
  let x = 8
  const boxes = layers.map((layer): Box => {
    const box = { layer, x, ...sizeOf(layer.shape) }
    x += box.width + GAP
    return box
  })
  const byName = new Map(boxes.map((box, i) => [box.layer.name, { box, i }]))
  const edges = boxes.flatMap((to, i) =>
    to.layer.inputs.flatMap((name) => {
      const from = byName.get(name)
      return from === undefined ? [] : [{ from: from.box, to, leaps: i - from.i > 1 }]
    }),
  )
  return { boxes, edges, width: x }
}

function sizeOf(shape: readonly number[]): { readonly width: number; readonly height: number } {
  if (shape.length === 3) {
    const [height, , channels] = shape as [number, number, number]
    return { width: 6 + PER_CHANNELS * Math.log2(channels + 1), height: 14 + PER_PIXEL * height }
  }
  const units = shape.reduce((product, extent) => product * extent, 1)
  return { width: 10, height: 10 + PER_UNITS * Math.log2(units + 1) }
}
