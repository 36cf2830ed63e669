/**
 * Test-time augmentation: an image's logits are the weighted mean of those of several views of it. The views and
 * weights are airbench's (K. Jordan, 94 % on CIFAR-10 in 3.29 seconds on a single GPU, arXiv 2404.00498, 2024).
 */
import { Placement, place } from '../data/augment/placement.js'
import type { Classifier } from '../engine/engine.js'

/** The image, moved down and to the right by whole pixels, then perhaps mirrored. */
export interface View {
  readonly rows: number
  readonly columns: number
  readonly mirrored: boolean
  readonly weight: number
}

const moved = (shift: number, weight: number): readonly View[] =>
  [false, true].map((mirrored) => ({ rows: shift, columns: shift, mirrored, weight }))

/** As it is, a pixel up and to the left, a pixel down and to the right, each also mirrored. The first is the image. */
export const views: readonly View[] = [...moved(0, 1 / 4), ...moved(-1, 1 / 8), ...moved(1, 1 / 8)]

interface Extents {
  readonly height: number
  readonly width: number
}

/** A view of every image, one channel each; zeros come in where it was moved, as in training. */
export function viewOf(
  images: Uint8Array,
  { rows, columns, mirrored }: View,
  { height, width }: Extents,
): Uint8Array {
  const placement = new Placement(height, width)
  // A placement mirrors first: what then goes to the right had gone to the left.
  placement.set(false, mirrored, rows, mirrored ? -columns : columns)
  const seen = new Uint8Array(images.length)
  for (let at = 0; at < images.length; at += height * width) place(placement, images, at, seen, at)
  return seen
}

/** The weighted mean of the logits of all views; those of the images as they are, the first view, are known. */
export async function logitsOverViews(
  classifier: Classifier,
  images: Uint8Array,
  known: Float32Array,
  extents: Extents,
): Promise<Float32Array> {
  const [first, ...others] = views as readonly [View, ...View[]]
  const mean = known.map((logit) => first.weight * logit)
  const count = known.length / classifier.classes
  for (const view of others) {
    const logits = await classifier.logits(viewOf(images, view, extents), count)
    logits.forEach((logit, i) => {
      mean[i] = (mean[i] as number) + view.weight * logit
    })
  }
  return mean
}
