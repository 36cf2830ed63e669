/**
 * Convolutions as matrix products. The window under each output pixel is laid out as one row, in the order
 * row, column, channel ("im2col"), some rows at a time; kernels likewise, so that
 * dst [pixels, out] = rows [pixels, k] kernels [out, k]^T.
 */
import type { Shape } from '../../core/shape.js'
import type { Padding, Pair } from '../../graph/steps.js'
import type { Values } from '../engine.js'
import type { Kernel } from './kernel.js'
import { addBias, multiply, sumRows, transpose } from './matrix.js'
import type { Tensors } from './memory.js'

/** Elements of the window rows held at a time. */
const blockSize = 2 ** 18

interface Geometry {
  /** Extents of the input images: [n, h, w, channels]. */
  readonly src: Shape
  readonly dst: Shape
  /** Extents of the kernels: [out, in, h, w]. */
  readonly kernel: Shape
  readonly strides: Pair
  readonly padding: Padding
  /** Output pixels of the whole batch. */
  readonly pixels: number
  readonly out: number
  /** Length of a window row. */
  readonly k: number
  /** Pixels whose windows are held at a time. */
  readonly rows: number
}

function geometryOf(
  tensors: Tensors,
  src: number,
  dst: number,
  weights: number,
  step: { readonly strides: Pair; readonly padding: Padding },
): Geometry {
  const kernel = tensors.shape(weights)
  const shape = tensors.shape(dst)
  const [out = 0, channels = 0, height = 0, width = 0] = kernel
  const pixels = (shape[0] ?? 0) * (shape[1] ?? 0) * (shape[2] ?? 0)
  const k = height * width * channels
  const rows = Math.min(pixels, Math.max(2, Math.floor(blockSize / k)))
  const { strides, padding } = step
  return { src: tensors.shape(src), dst: shape, kernel, strides, padding, pixels, out, k, rows }
}

/**
 * Calls `visit` for every place where the window of output pixels first ... last - 1 lies inside the image:
 * with the offset of that pixel's channels in the image and in the window rows.
 */
function eachTap(
  { src, dst, kernel, strides, padding, k }: Geometry,
  first: number,
  last: number,
  visit: (image: number, row: number, channels: number) => void,
): void {
  const [, height = 0, width = 0, channels = 0] = src
  const [, outHeight = 0, outWidth = 0] = dst
  const [, , windowHeight = 0, windowWidth = 0] = kernel
  for (let pixel = first; pixel < last; pixel++) {
    const column = pixel % outWidth
    const row = Math.floor(pixel / outWidth) % outHeight
    const image = Math.floor(pixel / (outWidth * outHeight))
    const top = row * strides[0] - padding[0]
    const left = column * strides[1] - padding[1]
    for (let i = Math.max(0, -top); i < windowHeight && top + i < height; i++) {
      for (let j = Math.max(0, -left); j < windowWidth && left + j < width; j++) {
        visit(
          ((image * height + top + i) * width + left + j) * channels,
          (pixel - first) * k + (i * windowWidth + j) * channels,
          channels,
        )
      }
    }
  }
}

/** Lays out the windows of pixels first ... last - 1; padding is zero. */
function gatherWindows(geometry: Geometry, src: Values, windows: Values, first: number, last: number): void {
  windows.fill(0)
  eachTap(geometry, first, last, (image, row, channels) => {
    for (let c = 0; c < channels; c++) windows[row + c] = src[image + c] as number
  })
}

/** The transpose of `gatherWindows`: adds the windows back onto the images. */
function scatterWindows(geometry: Geometry, windows: Values, src: Values, first: number, last: number): void {
  eachTap(geometry, first, last, (image, row, channels) => {
    for (let c = 0; c < channels; c++) {
      src[image + c] = (src[image + c] as number) + (windows[row + c] as number)
    }
  })
}

/** Kernels from OIHW to [out, k] with k in the order h, w, i. */
function windowOrder(
  weights: Values,
  target: Values,
  [out = 0, channels = 0, height = 0, width = 0]: Shape,
): Values {
  for (let o = 0; o < out; o++) {
    const block = weights.subarray(o * channels * height * width, (o + 1) * channels * height * width)
    transpose(block, target.subarray(o * block.length, (o + 1) * block.length), channels, height * width)
  }
  return target
}

/** The inverse of `windowOrder`. */
function kernelOrder(
  rows: Values,
  target: Values,
  [out = 0, channels = 0, height = 0, width = 0]: Shape,
): Values {
  return windowOrder(rows, target, [out, height * width, channels, 1])
}

export const convolution: Kernel<'convolution'> = function* (step, tensors) {
  const geometry = geometryOf(tensors, step.src, step.dst, step.weights, step)
  const { pixels, out, k, rows, kernel } = geometry
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const kernels = windowOrder(tensors.values(step.weights), tensors.scratch(out * k), kernel)
  const windows = tensors.scratch(rows * k)
  for (let first = 0; first < pixels; first += rows) {
    const last = Math.min(pixels, first + rows)
    gatherWindows(geometry, src, windows, first, last)
    yield* multiply(windows, kernels, dst.subarray(first * out, last * out), [last - first, out, k])
  }
  addBias(dst, tensors.values(step.bias), step.relu)
}

export const convolutionBackwardData: Kernel<'convolutionBackwardData'> = function* (step, tensors) {
  const geometry = geometryOf(tensors, step.diffSrc, step.diffDst, step.weights, step)
  const { pixels, out, k, rows, kernel } = geometry
  const [diffSrc, diffDst] = [tensors.values(step.diffSrc), tensors.values(step.diffDst)]
  const kernels = windowOrder(tensors.values(step.weights), tensors.scratch(out * k), kernel)
  const turned = transpose(kernels, tensors.scratch(out * k), out, k)
  const windows = tensors.scratch(rows * k)
  diffSrc.fill(0)
  for (let first = 0; first < pixels; first += rows) {
    const last = Math.min(pixels, first + rows)
    yield* multiply(diffDst.subarray(first * out, last * out), turned, windows, [last - first, k, out])
    scatterWindows(geometry, windows, diffSrc, first, last)
  }
}

export const convolutionBackwardWeights: Kernel<'convolutionBackwardWeights'> = function* (step, tensors) {
  const geometry = geometryOf(tensors, step.src, step.diffDst, step.diffWeights, step)
  const { pixels, out, k, rows, kernel } = geometry
  const [src, diffDst] = [tensors.values(step.src), tensors.values(step.diffDst)]
  const windows = tensors.scratch(rows * k)
  const [windowsTurned, diffTurned] = [tensors.scratch(rows * k), tensors.scratch(rows * out)]
  const sums = tensors.scratch(out * k)
  for (let first = 0; first < pixels; first += rows) {
    const last = Math.min(pixels, first + rows)
    const count = last - first
    gatherWindows(geometry, src, windows, first, last)
    transpose(windows, windowsTurned, count, k)
    transpose(diffDst.subarray(first * out, last * out), diffTurned, count, out)
    yield* multiply(diffTurned, windowsTurned, sums, [out, k, count], true)
  }
  kernelOrder(sums, tensors.values(step.diffWeights), kernel)
  sumRows(diffDst, tensors.values(step.diffBias))
}
