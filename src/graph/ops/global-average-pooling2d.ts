/** Each channel's mean over the image's pixels. */
import { z } from 'zod'
import { type OpRules, soleInput } from '../op.js'
import { imageShape } from '../spatial.js'

export type GlobalAveragePooling2dParams = Readonly<Record<string, never>>

export const globalAveragePooling2d: OpRules<GlobalAveragePooling2dParams> = {
  schema: z.strictObject({}),
  baseName: 'global_average_pooling2d',
  shape: (_, inputs) => [imageShape(soleInput(inputs))[2]],
  weights: () => [],
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    const [batch, , , channels] = scope.shapeOf(src)
    const dst = scope.output([batch as number, channels as number])
    scope.emit({ kind: 'globalAveragePooling', src, dst })
    return dst
  },
  backward: (scope) => {
    if (!scope.needsDiffInput(0)) return
    const diffSrc = scope.gradient(soleInput(scope.inputs))
    scope.emit({ kind: 'globalAveragePoolingBackward', diffDst: scope.diffOutput, diffSrc })
    scope.setDiffInput(0, diffSrc)
  },
}
