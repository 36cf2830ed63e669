/** Fully connected layer: y = x W^T + b. An image is read in the order h, w, c. */
import { z } from 'zod'
import { formatShape, sizeOf } from '../../core/shape.js'
import { constant, type OpRules, ShapeError, soleInput } from '../op.js'
import { type Activation, activationSchema, backwardOfActivation } from './activation.js'

export interface DenseParams {
  readonly units: number
  readonly activation: Activation
}

export const dense: OpRules<DenseParams> = {
  schema: z.strictObject({ units: z.int().positive(), activation: activationSchema }),
  baseName: 'dense',
  shape: ({ units }, inputs) => {
    const features = soleInput(inputs)
    if (features.length !== 1) {
      throw new ShapeError('a vector of features (flatten() makes one of an image)', formatShape(features))
    }
    return [units]
  },
  weights: ({ units }, inputs) => {
    const features = sizeOf(soleInput(inputs))
    return [
      {
        suffix: 'weight',
        shape: [units, features],
        initializer: { kind: 'glorotUniform', fanIn: features, fanOut: units },
        trainable: true,
      },
      { suffix: 'bias', shape: [units], initializer: constant(0), trainable: true },
    ]
  },
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    const dst = scope.output([scope.shapeOf(src)[0] as number, scope.params.units])
    const [weights, bias] = [scope.weight('weight'), scope.weight('bias')]
    scope.emit({ kind: 'dense', src, weights, bias, dst, relu: scope.params.activation === 'relu' })
    return dst
  },
  backward: (scope) => {
    const src = soleInput(scope.inputs)
    const diffDst = backwardOfActivation(scope, scope.params.activation)
    if (scope.mode === 'training') {
      const [diffWeights, diffBias] = [scope.diffWeight('weight'), scope.diffWeight('bias')]
      scope.emit({ kind: 'denseBackwardWeights', src, diffDst, diffWeights, diffBias })
    }
    if (!scope.needsDiffInput(0)) return
    const diffSrc = scope.gradient(src)
    scope.emit({ kind: 'denseBackwardData', diffDst, weights: scope.weight('weight'), diffSrc })
    scope.setDiffInput(0, diffSrc)
  },
}
