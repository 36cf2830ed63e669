/** The activation that conv2d, dense, batchNormalization and add may carry, fused into their step. */
import { z } from 'zod'
import type { BackwardScope } from '../op.js'
import type { TensorId } from '../steps.js'

export type Activation = 'relu' | null

export const activationSchema = z.literal('relu').nullable()

/** The gradient before the activation: relu needs the op's result alone, since relu'(x) = [relu(x) > 0]. */
export function backwardOfActivation(scope: BackwardScope<unknown>, activation: Activation): TensorId {
  if (activation === null) return scope.diffOutput
  const diffSrc = scope.gradient(scope.output)
  scope.emit({ kind: 'reluBackward', dst: scope.output, diffDst: scope.diffOutput, diffSrc })
  return diffSrc
}
