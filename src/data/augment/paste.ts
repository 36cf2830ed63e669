/** CutMix's pictures: a rectangle of the image shows that place of another one. */
import type { Paste } from './augmentation.js'
import { Draw, type ImageDraws } from './draws.js'
import { drawRectangle } from './rectangle.js'

/** Where pasted pixels come from: images of a training split, one after another. */
export interface PasteSource {
  readonly images: Uint8Array
  /** Which of them may be pasted. */
  readonly indices: Uint32Array
}

/** Copies a random rectangle of a random image, as it is in the split, over the image that begins at `to`. */
export function pasteRectangle(
  paste: Paste,
  draws: ImageDraws,
  { images, indices }: PasteSource,
  target: Uint8Array | Float32Array,
  to: number,
  height: number,
  width: number,
): void {
  if (!draws.chance(Draw.paste, paste.probability)) return
  const rectangle = drawRectangle(paste, draws, Draw.pastedRectangle, height, width)
  if (!rectangle) return
  const from = (indices[draws.integer(Draw.pastedImage, 0, indices.length - 1)] as number) * height * width
  for (let row = rectangle.top; row < rectangle.bottom; row++) {
    const [start, end] = [row * width + rectangle.left, row * width + rectangle.right]
    target.set(images.subarray(from + start, from + end), to + start)
  }
}
