/** The maximum over each window; the gradient goes to where it was (the first such place in a tie). */
import { z } from 'zod'
import { type OpRules, soleInput } from '../op.js'
import { imageShape, type PaddingMode, paddingOf, windowedExtents } from '../spatial.js'
import type { Pair } from '../steps.js'
import { pairSchema } from './conv2d.js'

export interface MaxPooling2dParams {
  readonly window: Pair
  readonly strides: Pair
  readonly padding: PaddingMode
}

export const maxPooling2d: OpRules<MaxPooling2dParams> = {
  schema: z.strictObject({
    window: pairSchema,
    strides: pairSchema,
    padding: z.enum(['same', 'valid']),
  }),
  baseName: 'max_pooling2d',
  shape: ({ window, strides, padding }, inputs) => [
    ...windowedExtents(soleInput(inputs), window, strides, padding),
    imageShape(soleInput(inputs))[2],
  ],
  weights: () => [],
  forward: (scope) => {
    const { params, mode } = scope
    const src = soleInput(scope.inputs)
    const [batch, ...image] = scope.shapeOf(src)
    const shape = [batch as number, ...maxPooling2d.shape(params, [image])]
    const dst = scope.output(shape)
    const goesBack = mode === 'training' || mode === 'gradient'
    const indices = goesBack ? scope.save('indices', shape, 'opaque') : null
    const { window, strides } = params
    const padding = paddingOf(image, window, strides, params.padding)
    scope.emit({ kind: 'maxPooling', src, dst, indices, window, strides, padding })
    return dst
  },
  backward: (scope) => {
    if (!scope.needsDiffInput(0)) return
    const src = soleInput(scope.inputs)
    const { window, strides } = scope.params
    const padding = paddingOf(scope.shapeOf(src).slice(1), window, strides, scope.params.padding)
    const diffSrc = scope.gradient(src)
    scope.emit({
      kind: 'maxPoolingBackward',
      diffDst: scope.diffOutput,
      indices: scope.saved('indices'),
      diffSrc,
      window,
      strides,
      padding,
    })
    scope.setDiffInput(0, diffSrc)
  },
}
