/** The sum of two tensors of one shape: where a shortcut joins. */
import { z } from 'zod'
import { formatShape, sameShape } from '../../core/shape.js'
import { type OpRules, ShapeError } from '../op.js'
import { type Activation, activationSchema, backwardOfActivation } from './activation.js'

export interface AddParams {
  readonly activation: Activation
}

export const add: OpRules<AddParams> = {
  schema: z.strictObject({ activation: activationSchema }),
  baseName: 'add',
  shape: (_, [a = [], b = []]) => {
    if (!sameShape(a, b)) throw new ShapeError(`two equal shapes, ${formatShape(a)} twice`, formatShape(b))
    return a
  },
  weights: () => [],
  forward: (scope) => {
    const [a, b] = scope.inputs as [number, number]
    const dst = scope.output(scope.shapeOf(a))
    scope.emit({ kind: 'add', a, b, dst, relu: scope.params.activation === 'relu' })
    return dst
  },
  backward: (scope) => {
    const diff = backwardOfActivation(scope, scope.params.activation)
    for (const i of [0, 1]) if (scope.needsDiffInput(i)) scope.setDiffInput(i, diff)
  },
}
