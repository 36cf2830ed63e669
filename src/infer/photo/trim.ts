/** What of a photo is not background, and the box around it. */
import { type Background, WIDEST } from './background.js'
import type { Box, Raster } from './raster.js'

/**
 * The data set's own closeness: within 5 % of the maximum possible intensity in RGB space a pixel is background
 * (arXiv 1708.07747). Where nothing is further away, as with white on white, so much is enough.
 */
const CLOSE = [0.05 * WIDEST, 0.015 * WIDEST] as const
/** Noise: so many times the median distance at the border is background as well. */
const NOISE = 3
/** Patches of less than this share of the largest one are specks. */
const SPECK = 0.01
/** The least that counts as something: this share of the picture's pixels, and so many of them. */
const [LEAST_SHARE, LEAST_PIXELS] = [5e-4, 6]

/** The box around all that stands out from the background; null where nothing does. */
export function findObject({ width, height }: Raster, { distances, noise }: Background): Box | null {
  for (const close of CLOSE) {
    const threshold = Math.max(close, NOISE * noise)
    const patches = findPatches(distances, threshold, width)
    const largest = patches.reduce((most, { pixels }) => Math.max(most, pixels), 0)
    if (largest >= Math.max(LEAST_SHARE * width * height, LEAST_PIXELS)) {
      return patches.filter(({ pixels }) => pixels >= SPECK * largest).reduce(union)
    }
  }
  return null
}

interface Patch extends Box {
  readonly pixels: number
}

function union(a: Patch, b: Patch): Patch {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
    pixels: a.pixels + b.pixels,
  }
}

/** The connected patches (by sides and corners) of pixels further away than the threshold. */
function findPatches(distances: Float32Array, threshold: number, width: number): Patch[] {
  const waiting = Uint8Array.from(distances, (distance) => (distance > threshold ? 1 : 0))
  const patches: Patch[] = []
  for (let first = 0; first < waiting.length; first++) {
    if (waiting[first] === 1) patches.push(growPatch(waiting, first, width))
  }
  return patches
}

/** Takes the patch around its first pixel away. */
function growPatch(waiting: Uint8Array, first: number, width: number): Patch {
  const height = waiting.length / width
  let [left, right, top, bottom, pixels] = [width, 0, height, 0, 0]
  const stack = [first]
  waiting[first] = 0
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    pixels += 1
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); row++) {
      for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); column++) {
        const next = row * width + column
        if (waiting[next] !== 1) continue
        waiting[next] = 0
        stack.push(next)
      }
    }
  }
  return { left, top, right, bottom, pixels }
}
