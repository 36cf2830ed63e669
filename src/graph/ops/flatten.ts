/** An image as one vector, in the order h, w, c. A dense layer reads the image itself: no step remains. */
import { z } from 'zod'
import { sizeOf } from '../../core/shape.js'
import { type OpRules, soleInput } from '../op.js'

export type FlattenParams = Readonly<Record<string, never>>

export const flatten: OpRules<FlattenParams> = {
  schema: z.strictObject({}),
  baseName: 'flatten',
  shape: (_, inputs) => [sizeOf(soleInput(inputs))],
  weights: () => [],
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    const [batch, ...image] = scope.shapeOf(src)
    const dst = scope.output([batch as number, sizeOf(image)])
    scope.emit({ kind: 'reshape', src, dst })
    return dst
  },
  backward: (scope) => {
    if (!scope.needsDiffInput(0)) return
    const dst = scope.gradient(soleInput(scope.inputs))
    scope.emit({ kind: 'reshape', src: scope.diffOutput, dst })
    scope.setDiffInput(0, dst)
  },
}
