/** Two-dimensional convolution with bias: y[o] = b[o] + sum over i of x[i] * w[o, i] (cross-correlation). */
import { z } from 'zod'
import { constant, type OpRules, soleInput } from '../op.js'
import { imageShape, type PaddingMode, paddingOf, windowedExtents } from '../spatial.js'
import type { Pair } from '../steps.js'
import { type Activation, activationSchema, backwardOfActivation } from './activation.js'

export interface Conv2dParams {
  readonly filters: number
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: PaddingMode
  readonly activation: Activation
}

export const pairSchema = z.tuple([z.int().positive(), z.int().positive()]).readonly()

export const conv2d: OpRules<Conv2dParams> = {
  schema: z.strictObject({
    filters: z.int().positive(),
    kernel: pairSchema,
    strides: pairSchema,
    padding: z.enum(['same', 'valid']),
    activation: activationSchema,
  }),
  baseName: 'conv2d',
  shape: ({ filters, kernel, strides, padding }, inputs) => [
    ...windowedExtents(soleInput(inputs), kernel, strides, padding),
    filters,
  ],
  weights: ({ filters, kernel }, inputs) => {
    const channels = imageShape(soleInput(inputs))[2]
    const taps = kernel[0] * kernel[1]
    return [
      {
        suffix: 'weight',
        shape: [filters, channels, ...kernel],
        initializer: { kind: 'glorotUniform', fanIn: channels * taps, fanOut: filters * taps },
        trainable: true,
      },
      { suffix: 'bias', shape: [filters], initializer: constant(0), trainable: true },
    ]
  },
  forward: (scope) => {
    const { params, inputs, emit } = scope
    const src = soleInput(inputs)
    const [batch, ...image] = scope.shapeOf(src)
    const dst = scope.output([batch as number, ...conv2d.shape(params, [image])])
    emit({
      kind: 'convolution',
      src,
      weights: scope.weight('weight'),
      bias: scope.weight('bias'),
      dst,
      strides: params.strides,
      padding: paddingOf(image, params.kernel, params.strides, params.padding),
      relu: params.activation === 'relu',
    })
    return dst
  },
  backward: (scope) => {
    const { params, inputs, emit } = scope
    const src = soleInput(inputs)
    const { strides } = params
    const padding = paddingOf(scope.shapeOf(src).slice(1), params.kernel, strides, params.padding)
    const diffDst = backwardOfActivation(scope, params.activation)
    if (scope.mode === 'training') {
      const [diffWeights, diffBias] = [scope.diffWeight('weight'), scope.diffWeight('bias')]
      emit({ kind: 'convolutionBackwardWeights', src, diffDst, diffWeights, diffBias, strides, padding })
    }
    if (!scope.needsDiffInput(0)) return
    const diffSrc = scope.gradient(src)
    emit({
      kind: 'convolutionBackwardData',
      diffDst,
      weights: scope.weight('weight'),
      diffSrc,
      strides,
      padding,
    })
    scope.setDiffInput(0, diffSrc)
  },
}
