/** Inverted dropout (Srivastava et al. 2014), element by element; the identity outside training. */
import { z } from 'zod'
import { type OpRules, soleInput } from '../op.js'

export interface DropoutParams {
  /** The share of elements set to zero. */
  readonly rate: number
}

export const dropout: OpRules<DropoutParams> = {
  schema: z.strictObject({ rate: z.number().min(0).lt(1) }),
  baseName: 'dropout',
  shape: (_, inputs) => soleInput(inputs),
  weights: () => [],
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    if (scope.mode !== 'training' || scope.params.rate === 0) return src
    const dst = scope.output(scope.shapeOf(src))
    const { salt } = scope
    scope.emit({ kind: 'dropout', src, dst, key: scope.planInput('key'), salt, rate: scope.params.rate })
    return dst
  },
  backward: (scope) => {
    if (!scope.needsDiffInput(0)) return
    const { salt } = scope
    const { rate } = scope.params
    if (scope.mode !== 'training' || rate === 0) {
      scope.setDiffInput(0, scope.diffOutput)
      return
    }
    const dst = scope.gradient(soleInput(scope.inputs))
    scope.emit({ kind: 'dropout', src: scope.diffOutput, dst, key: scope.planInput('key'), salt, rate })
    scope.setDiffInput(0, dst)
  },
}
