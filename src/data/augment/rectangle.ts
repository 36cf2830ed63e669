/** A random rectangle of an image, as random erasing and CutMix want it. */
import type { RandomRectangle } from './augmentation.js'
import type { ImageDraws } from './draws.js'

/** As in the published method's own code, an image keeps its pixels when no rectangle fits by then. */
const ATTEMPTS = 10

/** Rows top <= i < bottom and columns left <= j < right. */
export interface Rectangle {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/**
 * Its area S and its ratio of height to width r are drawn until sqrt(S r) x sqrt(S / r), rounded to pixels, fits;
 * its place is uniform. Attempts take four draws each, from `first` on. null: none has fit.
 */
export function drawRectangle(
  bounds: RandomRectangle,
  draws: ImageDraws,
  first: number,
  height: number,
  width: number,
): Rectangle | null {
  const logAspect = Math.log(bounds.aspect)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draw = first + 4 * attempt
    const area = draws.between(draw, bounds.area[0], bounds.area[1]) * height * width
    const ratio = Math.exp(draws.between(draw + 1, -logAspect, logAspect))
    const rows = Math.round(Math.sqrt(area * ratio))
    const columns = Math.round(Math.sqrt(area / ratio))
    if (rows > height || columns > width) continue
    const top = draws.integer(draw + 2, 0, height - rows)
    const left = draws.integer(draw + 3, 0, width - columns)
    return { top, bottom: top + rows, left, right: left + columns }
  }
  return null
}
