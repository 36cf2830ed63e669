/** y = max(x, 0), with relu'(0) = 0. */
import { z } from 'zod'
import { type OpRules, soleInput } from '../op.js'
import { backwardOfActivation } from './activation.js'

export type ReluParams = Readonly<Record<string, never>>

export const relu: OpRules<ReluParams> = {
  schema: z.strictObject({}),
  baseName: 'relu',
  shape: (_, inputs) => soleInput(inputs),
  weights: () => [],
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    const dst = scope.output(scope.shapeOf(src))
    scope.emit({ kind: 'relu', src, dst })
    return dst
  },
  backward: (scope) => {
    if (scope.needsDiffInput(0)) scope.setDiffInput(0, backwardOfActivation(scope, 'relu'))
  },
}
