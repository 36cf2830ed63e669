/** Maximum pooling over windows and average pooling over whole images. */
import type { Shape } from '../../core/shape.js'
import type { Padding, Pair } from '../../graph/steps.js'
import { atOnce } from './kernel.js'

interface Windows {
  readonly window: Pair
  readonly strides: Pair
  readonly padding: Padding
}

/** Calls `visit` with the first pixel's offset, and the extents, of each output pixel's window in the image. */
function eachWindow(
  { window, strides, padding }: Windows,
  [n = 0, height = 0, width = 0, channels = 0]: Shape,
  [, outHeight = 0, outWidth = 0]: Shape,
  visit: (pixel: number, corner: number, rows: number, columns: number) => void,
): void {
  for (let image = 0, pixel = 0; image < n; image++) {
    for (let i = 0; i < outHeight; i++) {
      const top = Math.max(0, i * strides[0] - padding[0])
      const bottom = Math.min(height, i * strides[0] - padding[0] + window[0])
      for (let j = 0; j < outWidth; j++, pixel++) {
        const left = Math.max(0, j * strides[1] - padding[1])
        const right = Math.min(width, j * strides[1] - padding[1] + window[1])
        visit(pixel, ((image * height + top) * width + left) * channels, bottom - top, right - left)
      }
    }
  }
}

/** Of equal maxima the first counts, in the order row, column. */
export const maxPooling = atOnce<'maxPooling'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const indices = step.indices === null ? null : tensors.words(step.indices)
  const shape = tensors.shape(step.src)
  const [, , width = 0, channels = 0] = shape
  eachWindow(step, shape, tensors.shape(step.dst), (pixel, corner, rows, columns) => {
    for (let c = 0; c < channels; c++) {
      let place = corner + c
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const candidate = corner + (i * width + j) * channels + c
          if ((src[candidate] as number) > (src[place] as number)) place = candidate
        }
      }
      dst[pixel * channels + c] = src[place] as number
      if (indices !== null) indices[pixel * channels + c] = place
    }
  })
})

export const maxPoolingBackward = atOnce<'maxPoolingBackward'>((step, tensors) => {
  const [diffDst, diffSrc] = [tensors.values(step.diffDst), tensors.values(step.diffSrc)]
  const indices = tensors.words(step.indices)
  diffSrc.fill(0)
  for (let i = 0; i < diffDst.length; i++) {
    const place = indices[i] as number
    diffSrc[place] = (diffSrc[place] as number) + (diffDst[i] as number)
  }
})

export const globalAveragePooling = atOnce<'globalAveragePooling'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const [n = 0, height = 0, width = 0, channels = 0] = tensors.shape(step.src)
  const pixels = height * width
  for (let image = 0; image < n; image++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (let p = 0; p < pixels; p++) sum += src[(image * pixels + p) * channels + c] as number
      dst[image * channels + c] = sum / pixels
    }
  }
})

export const globalAveragePoolingBackward = atOnce<'globalAveragePoolingBackward'>((step, tensors) => {
  const [diffDst, diffSrc] = [tensors.values(step.diffDst), tensors.values(step.diffSrc)]
  const [n = 0, height = 0, width = 0, channels = 0] = tensors.shape(step.diffSrc)
  const pixels = height * width
  for (let row = 0; row < n * pixels; row++) {
    const image = Math.floor(row / pixels)
    for (let c = 0; c < channels; c++) {
      diffSrc[row * channels + c] = (diffDst[image * channels + c] as number) / pixels
    }
  }
})
