/** Frames, letterbox bars and a screenshot's margins: one colour up to a straight edge, behind which a picture fills all. */
import { findBackground, WIDEST } from './background.js'
import { type Box, crop, type Raster } from './raster.js'
import { findObject } from './trim.js'

/** Pixels this near the margin's colour are margin: compression blurs it. */
const CLOSE = 0.05 * WIDEST
/** A line of so many such pixels is margin; where it ends, so many of the next line must be another colour. */
const [MARGIN, EDGE] = [0.985, 0.9]
/** Pixels at a margin's end in which both colours mix. */
const MIXED = 2
/** What is left is at least this share of either side. */
const LEAST = 0.25
/** A screenshot may have a margin within another. */
const MOST_MARGINS = 4

/** The picture without what was put around it; one whose margins are its own background stays whole. */
export function withoutBars(raster: Raster): Raster {
  let inner = raster
  for (let round = 0; round < MOST_MARGINS; round++) {
    const box = insideOf(inner, 0) ?? insideOf(inner, inner.width * inner.height - 1)
    if (box === null) break
    inner = crop(inner, box)
  }
  return inner
}

/** What lies within the margin of a corner pixel's colour; null where there is none. */
function insideOf(raster: Raster, corner: number): Box | null {
  const { width, height } = raster
  const close = closeTo(raster, corner)
  const box = { left: 0, top: 0, right: width, bottom: height }
  const share = (side: keyof Box, inset = 0): number => shareOfLine(close, width, box, side, inset)
  for (let before = ''; before !== JSON.stringify(box); ) {
    before = JSON.stringify(box)
    while (box.top < box.bottom && share('top') >= MARGIN) box.top++
    while (box.bottom > box.top && share('bottom') >= MARGIN) box.bottom--
    while (box.left < box.right && share('left') >= MARGIN) box.left++
    while (box.right > box.left && share('right') >= MARGIN) box.right--
  }
  if (box.right - box.left < LEAST * width || box.bottom - box.top < LEAST * height) return null
  const cut = { left: box.left > 0, top: box.top > 0, right: box.right < width, bottom: box.bottom < height }
  const sides = (['left', 'top', 'right', 'bottom'] as const).filter((side) => cut[side])
  if (sides.length === 0 || sides.some((side) => share(side, MIXED) > 1 - EDGE)) return null
  for (const side of sides) box[side] += side === 'left' || side === 'top' ? MIXED : -MIXED
  return showsSomething(crop(raster, box)) ? box : null
}

/** Which pixels are of a pixel's colour. */
function closeTo({ values, channels }: Raster, pixel: number): Uint8Array {
  const colour = values.subarray(pixel * channels, (pixel + 1) * channels)
  return Uint8Array.from({ length: values.length / channels }, (_, at) => {
    let sum = 0
    for (let c = 0; c < channels; c++) {
      sum += ((values[at * channels + c] as number) - (colour[c] as number)) ** 2
    }
    return Number(Math.sqrt((3 / channels) * sum) <= CLOSE)
  })
}

/** The share of marked pixels on a box's outermost line, or further in. */
function shareOfLine(marks: Uint8Array, width: number, box: Box, side: keyof Box, inset: number): number {
  const along = side === 'left' || side === 'right' ? 'y' : 'x'
  const line = side === 'left' || side === 'top' ? box[side] + inset : box[side] - 1 - inset
  const [from, to] = along === 'x' ? [box.left, box.right] : [box.top, box.bottom]
  let marked = 0
  for (let i = from; i < to; i++)
    marked += marks[along === 'x' ? line * width + i : i * width + line] as number
  return marked / (to - from)
}

/** A plain rectangle is no picture in a frame: it is the thing itself. */
function showsSomething(raster: Raster): boolean {
  const background = findBackground(raster)
  return !background.plain || findObject(raster, background) !== null
}
