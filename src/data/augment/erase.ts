/** Random erasing: a rectangle of the image is overwritten. */
import type { Erase } from './augmentation.js'
import { Draw, type ImageDraws } from './draws.js'
import { drawRectangle } from './rectangle.js'

/** Overwrites a random rectangle of the image that begins at `to`. */
export function eraseRectangle(
  erase: Erase,
  draws: ImageDraws,
  target: Uint8Array | Float32Array,
  to: number,
  height: number,
  width: number,
): void {
  if (!draws.chance(Draw.erase, erase.probability)) return
  const rectangle = drawRectangle(erase, draws, Draw.erasedRectangle, height, width)
  if (!rectangle) return
  for (let row = rectangle.top; row < rectangle.bottom; row++) {
    const [start, end] = [row * width + rectangle.left, row * width + rectangle.right]
    if (erase.fill === 'zero') target.fill(0, to + start, to + end)
    else fillWithNoise(draws, target, to, start, end)
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
