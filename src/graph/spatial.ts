/** Window arithmetic of convolutions and poolings, by TensorFlow's rules. */
import { formatShape, type Shape } from '../core/shape.js'
import { ShapeError } from './op.js'
import type { Padding, Pair } from './steps.js'

export type PaddingMode = 'same' | 'valid'

/** Height, width and channels of one image, or a ShapeError. */
export function imageShape(shape: Shape): readonly [number, number, number] {
  const [height, width, channels] = shape
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new ShapeError('an image (height x width x channels)', formatShape(shape))
  }
  return [height, width, channels]
}

/** Output extents: same: ceil(in / stride); valid: ceil((in - window + 1) / stride). */
export function windowedExtents(image: Shape, window: Pair, strides: Pair, mode: PaddingMode): Pair {
  const [height, width] = imageShape(image)
  if (mode === 'valid' && (window[0] > height || window[1] > width)) {
    throw new ShapeError(`an image of at least ${formatShape(window)} pixels`, formatShape(image))
  }
  const extent = (size: number, axis: 0 | 1): number =>
    Math.ceil((mode === 'same' ? size : size - window[axis] + 1) / strides[axis])
  return [extent(height, 0), extent(width, 1)]
}

/** Same padding needs max((out - 1) stride + window - in, 0) in all; an odd pixel goes to the end. */
export function paddingOf(image: Shape, window: Pair, strides: Pair, mode: PaddingMode): Padding {
  if (mode === 'valid') return [0, 0, 0, 0]
  const output = windowedExtents(image, window, strides, mode)
  const total = (axis: 0 | 1): number =>
    Math.max((output[axis] - 1) * strides[axis] + window[axis] - (image[axis] as number), 0)
  const [rows, columns] = [total(0), total(1)]
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)]
  return [top, left, rows - top, columns - left]
}
