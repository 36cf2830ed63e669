/**
 * Batch Normalization (Ioffe and Szegedy, arXiv 1502.03167) over the last axis, with Keras's conventions:
 * running = momentum running + (1 - momentum) batch, the running variance being the biased one.
 */
import { z } from 'zod'
import { type BackwardScope, constant, type ForwardScope, type OpRules, soleInput } from '../op.js'
import type { TensorId } from '../steps.js'
import { type Activation, activationSchema, backwardOfActivation } from './activation.js'

export interface BatchNormalizationParams {
  readonly momentum: number
  readonly epsilon: number
  readonly activation: Activation
}
type Scope = ForwardScope<BatchNormalizationParams>
type Backward = BackwardScope<BatchNormalizationParams>

/** Normalizes by the batch's statistics and moves the running ones towards them. */
function withBatchStatistics(scope: Scope, src: TensorId, dst: TensorId): void {
  const { params, mode, emit } = scope
  const channels = [scope.shapeOf(src).at(-1) as number]
  const [mean, variance] = [scope.save('mean', channels, 'f32'), scope.save('variance', channels, 'f32')]
  const relu = params.activation === 'relu'
  const mask = relu ? scope.save('mask', scope.shapeOf(src), 'opaque') : null
  const [gamma, beta] = [scope.weight('gamma'), scope.weight('beta')]
  const { epsilon } = params
  emit({ kind: 'batchNormalization', src, gamma, beta, dst, mean, variance, mask, epsilon, relu })
  const hyper = mode === 'statistics' ? scope.planInput('hyper') : null
  const rate = 1 - params.momentum
  emit({ kind: 'blend', src: mean, dst: scope.weight('mean'), rate, hyper })
  emit({ kind: 'blend', src: variance, dst: scope.weight('variance'), rate, hyper })
}

/** By given statistics the op is linear in each channel: a gradient is scaled as the values are, but not shifted. */
function backwardByGivenStatistics(scope: Backward): void {
  if (!scope.needsDiffInput(0)) return
  const input = soleInput(scope.inputs)
  const src = backwardOfActivation(scope, scope.params.activation)
  const dst = scope.gradient(input)
  const zeros = scope.zeros(scope.shapeOf(input).at(-1) as number)
  const [gamma, variance] = [scope.weight('gamma'), scope.weight('variance')]
  const given = { gamma, beta: zeros, mean: zeros, variance, epsilon: scope.params.epsilon }
  scope.emit({ kind: 'batchNormalizationInference', src, ...given, dst, relu: false })
  scope.setDiffInput(0, dst)
}

function backwardByBatchStatistics(scope: Backward): void {
  const src = soleInput(scope.inputs)
  const relu = scope.params.activation === 'relu'
  const diffSrc = scope.gradient(src)
  scope.emit({
    kind: 'batchNormalizationBackward',
    src,
    diffDst: scope.diffOutput,
    gamma: scope.weight('gamma'),
    beta: scope.weight('beta'),
    mean: scope.saved('mean'),
    variance: scope.saved('variance'),
    mask: relu ? scope.saved('mask') : null,
    diffSrc,
    diffGamma: scope.diffWeight('gamma'),
    diffBeta: scope.diffWeight('beta'),
    epsilon: scope.params.epsilon,
    relu,
  })
  if (scope.needsDiffInput(0)) scope.setDiffInput(0, diffSrc)
}

export const batchNormalization: OpRules<BatchNormalizationParams> = {
  schema: z.strictObject({
    momentum: z.number().min(0).max(1),
    epsilon: z.number().positive(),
    activation: activationSchema,
  }),
  baseName: 'batch_normalization',
  shape: (_, inputs) => soleInput(inputs),
  weights: (_, inputs) => {
    const shape = [soleInput(inputs).at(-1) as number]
    return [
      { suffix: 'gamma', shape, initializer: constant(1), trainable: true },
      { suffix: 'beta', shape, initializer: constant(0), trainable: true },
      { suffix: 'mean', shape, initializer: constant(0), trainable: false },
      { suffix: 'variance', shape, initializer: constant(1), trainable: false },
    ]
  },
  forward: (scope) => {
    const src = soleInput(scope.inputs)
    const dst = scope.output(scope.shapeOf(src))
    if (scope.mode === 'inference' || scope.mode === 'gradient') {
      scope.emit({
        kind: 'batchNormalizationInference',
        src,
        gamma: scope.weight('gamma'),
        beta: scope.weight('beta'),
        mean: scope.weight('mean'),
        variance: scope.weight('variance'),
        dst,
        epsilon: scope.params.epsilon,
        relu: scope.params.activation === 'relu',
      })
    } else withBatchStatistics(scope, src, dst)
    return dst
  },
  backward: (scope) => {
    if (scope.mode === 'gradient') backwardByGivenStatistics(scope)
    else backwardByBatchStatistics(scope)
  },
}
