import { type PaddingMode, paddingOf, windowedExtents } from '../../../src/graph/spatial.js'
import type { Pair } from '../../../src/graph/steps.js'
import { activation, type Case, result, state } from '../case.js'
import { uniform } from '../values.js'

export interface ConvolutionSetting {
  readonly images: readonly [n: number, height: number, width: number, channels: number]
  readonly filters: number
  readonly kernel: Pair
  readonly strides: Pair
  readonly mode: PaddingMode
  readonly relu: boolean
}

/** Forward and both backward steps of one convolution. */
export function convolutionCase({ images, filters, kernel, strides, mode, relu }: ConvolutionSetting): Case {
  const [n, height, width, channels] = images
  const image = [height, width, channels]
  const padding = paddingOf(image, kernel, strides, mode)
  const dst = [n, ...windowedExtents(image, kernel, strides, mode), filters]
  const weights = [filters, channels, ...kernel]
  const title =
    `convolution ${images.join('x')}, ${filters} filters ${kernel.join('x')}, ` +
    `strides ${strides.join('x')}, ${mode}${relu ? ', relu' : ''}`
  return {
    title,
    operands: {
      src: activation(images, uniform(`${title} src`, images)),
      weights: state(weights, uniform(`${title} weights`, weights)),
      bias: state([filters], uniform(`${title} bias`, [filters])),
      diffDst: activation(dst, uniform(`${title} diffDst`, dst)),
    },
    results: {
      dst: result(dst),
      ...(relu && { diffSum: result(dst) }),
      diffSrc: result(images),
      diffWeights: result(weights, 'f32'),
      diffBias: result([filters], 'f32'),
    },
    forward: (find) => [
      {
        kind: 'convolution',
        src: find('src'),
        weights: find('weights'),
        bias: find('bias'),
        dst: find('dst'),
        strides,
        padding,
        relu,
      },
    ],
    backward: (find) => {
      const diffDst = find(relu ? 'diffSum' : 'diffDst')
      const geometry = { strides, padding }
      const [diffSrc, weights] = [find('diffSrc'), find('weights')]
      const [diffWeights, diffBias] = [find('diffWeights'), find('diffBias')]
      return [
        ...(relu
          ? [{ kind: 'reluBackward', dst: find('dst'), diffDst: find('diffDst'), diffSrc: diffDst } as const]
          : []),
        {
          kind: 'convolutionBackwardWeights',
          src: find('src'),
          diffDst,
          diffWeights,
          diffBias,
          ...geometry,
        },
        { kind: 'convolutionBackwardData', diffDst, weights, diffSrc, ...geometry },
      ]
    },
    gradients: { diffSrc: 'src', diffWeights: 'weights', diffBias: 'bias' },
  }
}

type Row = readonly [
  images: ConvolutionSetting['images'],
  filters: number,
  kernel: Pair,
  strides: Pair,
  mode: PaddingMode,
  relu: boolean,
]

const rows: readonly Row[] = [
  [[2, 5, 7, 1], 10, [3, 3], [1, 1], 'same', false],
  [[2, 6, 5, 3], 17, [3, 3], [2, 2], 'same', false],
  [[3, 6, 8, 16], 32, [3, 3], [2, 2], 'same', true],
  [[2, 9, 9, 10], 16, [5, 3], [1, 1], 'valid', false],
  [[2, 8, 8, 17], 10, [1, 1], [1, 1], 'same', true],
  [[2, 7, 7, 32], 17, [1, 1], [2, 2], 'valid', false],
  [[1, 11, 10, 1], 16, [7, 7], [2, 2], 'same', false],
  [[2, 1, 1, 32], 32, [3, 3], [1, 1], 'same', false],
  [[3, 2, 2, 32], 16, [3, 3], [1, 1], 'same', true],
  [[2, 4, 5, 16], 3, [2, 2], [2, 1], 'same', false],
  [[4, 8, 8, 32], 64, [3, 3], [1, 1], 'same', true],
  // Narrower than the stride: oneDNN 2.6 reads past such images when it sums weight gradients in bf16.
  [[2, 9, 2, 16], 2, [3, 3], [3, 3], 'same', false],
  [[5, 1, 1, 64], 32, [1, 1], [1, 1], 'same', false],
  // Many small images, which an engine may take pixel by pixel in all of them; in the last, rows lie half a page apart.
  [[18, 2, 2, 8], 20, [3, 3], [1, 1], 'same', true],
  [[17, 3, 4, 8], 10, [3, 3], [2, 2], 'same', false],
  [[16, 2, 2, 128], 8, [3, 3], [1, 1], 'same', false],
  // Pixels a page apart, and more pixels than a thread does at once.
  [[2, 3, 3, 1024], 8, [1, 1], [1, 1], 'same', false],
  [[3, 28, 28, 3], 12, [3, 3], [1, 1], 'same', false],
]

export const convolutionCases: readonly Case[] = rows.map(([images, filters, kernel, strides, mode, relu]) =>
  convolutionCase({ images, filters, kernel, strides, mode, relu }),
)
