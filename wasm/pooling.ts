/** Maximum pooling over windows and average pooling over whole images. */
import { beginOf } from './parts'
import { storeSome } from './vectors'

/**
 * Of equal maxima the first counts, in the order row, column. Arguments: src, dst, indices or 0 (the place of each maximum
 * in src), output rows of all images, output rows and columns of one, then height, width and channels of src, the window's
 * and the strides' rows and columns, and the padding above and on the left.
 */
export function maxPooling(args: usize, part: i32, parts: i32): void {
  const rows = load<i32>(args, 12)
  const outHeight = load<i32>(args, 16)
  const end = beginOf(part + 1, parts, rows, 1)
  for (let row = beginOf(part, parts, rows, 1); row < end; row++) {
    poolRow(args, row, row / outHeight, row % outHeight)
  }
}

function poolRow(args: usize, row: i32, image: i32, i: i32): void {
  const outWidth = load<i32>(args, 20)
  const height = load<i32>(args, 24)
  const width = load<i32>(args, 28)
  const channels = load<i32>(args, 32)
  const first = i * load<i32>(args, 44) - load<i32>(args, 52)
  const top = max(0, first)
  const windowRows = min(height, first + load<i32>(args, 36)) - top
  for (let j = 0; j < outWidth; j++) {
    const from = j * load<i32>(args, 48) - load<i32>(args, 56)
    const left = max(0, from)
    const columns = min(width, from + load<i32>(args, 40)) - left
    const corner = ((image * height + top) * width + left) * channels
    const place = (row * outWidth + j) * channels
    for (let c = 0; c < channels; c += 4) poolFour(args, corner + c, place + c, windowRows, columns, channels - c)
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function poolFour(args: usize, corner: i32, place: i32, rows: i32, columns: i32, count: i32): void {
  const src = load<usize>(args)
  const indices = load<usize>(args, 8)
  const width = load<i32>(args, 28)
  const channels = load<i32>(args, 32)
  let best = v128.load(src + (corner << 2))
  let index = i32x4.splat(corner)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = corner + (i * width + j) * channels
      const value = v128.load(src + (at << 2))
      const larger = f32x4.gt(value, best)
      best = v128.bitselect(value, best, larger)
      index = v128.bitselect(i32x4.splat(at), index, larger)
    }
  }
  storeSome(load<usize>(args, 4) + (place << 2), best, count)
  if (indices != 0) storeSome(indices + (place << 2), i32x4.add(index, i32x4(0, 1, 2, 3)), count)
}

/** Arguments: diffDst, indices, diffSrc, images, values an image of dst and of src. */
export function maxPoolingBackward(args: usize, part: i32, parts: i32): void {
  const diffDst = load<usize>(args)
  const indices = load<usize>(args, 4)
  const diffSrc = load<usize>(args, 8)
  const images = load<i32>(args, 12)
  const values = load<i32>(args, 16)
  const sources = load<i32>(args, 20)
  const begin = beginOf(part, parts, images, 1)
  const end = beginOf(part + 1, parts, images, 1)
  memory.fill(diffSrc + ((begin * sources) << 2), 0, ((end - begin) * sources) << 2)
  const last = (end * values) << 2
  for (let at = (begin * values) << 2; at < last; at += 4) {
    const place = diffSrc + (load<u32>(indices + at) << 2)
    store<f32>(place, load<f32>(place) + load<f32>(diffDst + at))
  }
}

/** The mean of every channel. Arguments: src, dst, images, pixels of one, channels. */
export function globalAveragePooling(args: usize, part: i32, parts: i32): void {
  const images = load<i32>(args, 8)
  const pixels = load<i32>(args, 12)
  const channels = load<i32>(args, 16)
  const end = beginOf(part + 1, parts, images, 1)
  for (let image = beginOf(part, parts, images, 1); image < end; image++) {
    const from = load<usize>(args) + ((image * pixels * channels) << 2)
    const to = load<usize>(args, 4) + ((image * channels) << 2)
    for (let c = 0; c < channels; c += 4) {
      let sum = f32x4.splat(0)
      for (let p = 0; p < pixels; p++) sum = f32x4.add(sum, v128.load(from + ((p * channels + c) << 2)))
      storeSome(to + (c << 2), f32x4.div(sum, f32x4.splat(<f32>pixels)), channels - c)
    }
  }
}

/** Arguments: diffDst, diffSrc, images, pixels of one, channels. */
export function globalAveragePoolingBackward(args: usize, part: i32, parts: i32): void {
  const images = load<i32>(args, 8)
  const pixels = load<i32>(args, 12)
  const channels = load<i32>(args, 16)
  const end = beginOf(part + 1, parts, images, 1)
  for (let image = beginOf(part, parts, images, 1); image < end; image++) {
    const from = load<usize>(args) + ((image * channels) << 2)
    const to = load<usize>(args, 4) + ((image * pixels * channels) << 2)
    for (let c = 0; c < channels; c += 4) {
      const share = f32x4.div(v128.load(from + (c << 2)), f32x4.splat(<f32>pixels))
      for (let p = 0; p < pixels; p++) storeSome(to + ((p * channels + c) << 2), share, channels - c)
    }
  }
}
