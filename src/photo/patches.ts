/** Connected patches of marked pixels. */
import type { Box } from './raster.js'

/** Marks of pixels: not part of any patch, part of one, or part of one and sharp. */
export const [NOTHING, SOMETHING, SHARP] = [0, 1, 2]

export interface Patch {
  readonly pixels: number
  readonly box: Box
  /** The box around its sharp pixels; null where it has none. */
  readonly sharpBox: Box | null
}

/** The patches of marked pixels that touch by sides or corners. */
export function findPatches(marks: Uint8Array, width: number): Patch[] {
  const left = marks.slice()
  const patches: Patch[] = []
  for (let pixel = 0; pixel < left.length; pixel++) {
    if (left[pixel] !== NOTHING) patches.push(takePatch(left, pixel, width))
  }
  return patches
}

export function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

/** The patch around a pixel, whose marks are taken away. */
function takePatch(marks: Uint8Array, first: number, width: number): Patch {
  const height = marks.length / width
  const all = new GrowingBox()
  const sharp = new GrowingBox()
  const stack: number[] = []
  const take = (pixel: number, x: number, y: number): void => {
    if (marks[pixel] === NOTHING) return
    all.add(x, y)
    if (marks[pixel] === SHARP) sharp.add(x, y)
    marks[pixel] = NOTHING
    stack.push(pixel)
  }
  take(first, first % width, Math.floor(first / width))
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); row++) {
      for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); column++) {
        take(row * width + column, column, row)
      }
    }
  }
  return { pixels: all.pixels, box: all.box(), sharpBox: sharp.pixels > 0 ? sharp.box() : null }
}

class GrowingBox {
  pixels = 0
  private left = Number.POSITIVE_INFINITY
  private top = Number.POSITIVE_INFINITY
  private right = 0
  private bottom = 0

  add(x: number, y: number): void {
    this.pixels += 1
    if (x < this.left) this.left = x
    if (y < this.top) this.top = y
    if (x >= this.right) this.right = x + 1
    if (y >= this.bottom) this.bottom = y + 1
  }

  box(): Box {
    const { left, top, right, bottom } = this
    return { left, top, right, bottom }
  }
}
