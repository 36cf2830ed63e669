/** Random erasing: a rectangle of the image is overwritten. */
import type { Erase } from './augmentation.js'
import { Draw, type ImageDraws } from './draws.js'

/** As in the published method's own code, an image keeps its pixels when no rectangle fits by then. */
const ATTEMPTS = 10

/**
 * Overwrites a random rectangle of the image that begins at `to`. Its area S and its ratio of height to width
 * r are drawn until sqrt(S r) x sqrt(S / r), rounded to pixels, fits; its place is uniform.
 */
export function eraseRectangle(
  erase: Erase,
  draws: ImageDraws,
  target: Uint8Array | Float32Array,
  to: number,
  height: number,
  width: number,
): void {
  if (!draws.chance(Draw.erase, erase.probability)) return
  const logAspect = Math.log(erase.aspect)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draw = Draw.rectangle + 4 * attempt
    const area = draws.between(draw, erase.area[0], erase.area[1]) * height * width
    const ratio = Math.exp(draws.between(draw + 1, -logAspect, logAspect))
    const rows = Math.round(Math.sqrt(area * ratio))
    const columns = Math.round(Math.sqrt(area / ratio))
    if (rows > height || columns > width) continue
    const top = draws.integer(draw + 2, 0, height - rows)
    const left = draws.integer(draw + 3, 0, width - columns)
    for (let i = top; i < top + rows; i++) {
      const start = i * width + left
      if (erase.fill === 'zero') target.fill(0, to + start, to + start + columns)
      else fillWithNoise(draws, target, to, start, start + columns)
    }
    return
  }
}

function fillWithNoise(
  draws: ImageDraws,
  target: Uint8Array | Float32Array,
  to: number,
  start: number,
  end: number,
): void {
  for (let pixel = start; pixel < end; pixel++) target[to + pixel] = draws.bits(Draw.noise + pixel) >>> 24
}
