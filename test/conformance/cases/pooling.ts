import { type PaddingMode, paddingOf, windowedExtents } from '../../../src/graph/spatial.js'
import type { Pair } from '../../../src/graph/steps.js'
import { activation, type Case, result } from '../case.js'
import { distinctNegative, uniform, withTies } from '../values.js'

/** Maximum pooling as in training and in inference, and its backward. */
export function maxPoolingCase(
  images: readonly [n: number, height: number, width: number, channels: number],
  window: Pair,
  strides: Pair,
  mode: PaddingMode,
  ties = false,
): Case {
  const [n, ...image] = images
  const padding = paddingOf(image, window, strides, mode)
  const dst = [n, ...windowedExtents(image, window, strides, mode), image[2] as number]
  const title =
    `max-pooling ${images.join('x')}, window ${window.join('x')}, ` +
    `strides ${strides.join('x')}, ${mode}${ties ? ', ties' : ''}`
  return {
    title,
    operands: {
      src: activation(images, (ties ? withTies : distinctNegative)(`${title} src`, images)),
      diffDst: activation(dst, uniform(`${title} diffDst`, dst)),
    },
    results: {
      dst: result(dst),
      inferred: result(dst),
      indices: result(dst, 'opaque'),
      diffSrc: result(images),
    },
    forward: (find) => {
      const common = { kind: 'maxPooling', src: find('src'), window, strides, padding } as const
      return [
        { ...common, dst: find('dst'), indices: find('indices') },
        { ...common, dst: find('inferred'), indices: null },
      ]
    },
    backward: (find) => [
      {
        kind: 'maxPoolingBackward',
        diffDst: find('diffDst'),
        indices: find('indices'),
        diffSrc: find('diffSrc'),
        window,
        strides,
        padding,
      },
    ],
    // Where maxima tie there is no derivative, only the convention that the first takes the gradient.
    ...(!ties && { gradients: { diffSrc: 'src' } }),
  }
}

export function averagePoolingCase(images: readonly [number, number, number, number]): Case {
  const dst = [images[0], images[3]]
  const title = `global average pooling ${images.join('x')}`
  return {
    title,
    operands: {
      src: activation(images, uniform(`${title} src`, images)),
      diffDst: activation(dst, uniform(`${title} diffDst`, dst)),
    },
    results: { dst: result(dst), diffSrc: result(images) },
    forward: (find) => [{ kind: 'globalAveragePooling', src: find('src'), dst: find('dst') }],
    backward: (find) => [
      { kind: 'globalAveragePoolingBackward', diffDst: find('diffDst'), diffSrc: find('diffSrc') },
    ],
    gradients: { diffSrc: 'src' },
  }
}

export const poolingCases: readonly Case[] = [
  maxPoolingCase([2, 6, 6, 1], [2, 2], [2, 2], 'valid'),
  maxPoolingCase([2, 7, 5, 3], [2, 2], [2, 2], 'valid'),
  maxPoolingCase([2, 14, 14, 16], [3, 3], [2, 2], 'same'),
  maxPoolingCase([2, 7, 6, 17], [3, 3], [2, 2], 'same'),
  maxPoolingCase([1, 5, 5, 10], [2, 3], [1, 1], 'same'),
  maxPoolingCase([2, 6, 4, 32], [2, 2], [2, 2], 'valid'),
  maxPoolingCase([2, 8, 8, 32], [2, 2], [2, 2], 'valid', true),
  maxPoolingCase([2, 7, 7, 10], [3, 3], [2, 2], 'same', true),
  averagePoolingCase([2, 7, 7, 16]),
  averagePoolingCase([3, 1, 1, 32]),
  averagePoolingCase([2, 3, 4, 17]),
  averagePoolingCase([1, 5, 3, 3]),
]
