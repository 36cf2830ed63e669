import { sizeOf } from '../../../src/core/shape.js'
import { activation, type Case, result, state } from '../case.js'
import { uniform } from '../values.js'

/** Forward and both backward steps of a dense layer over `src`, which may be images; logits are always f32. */
export function denseCase(src: readonly number[], units: number, relu: boolean, logits = false): Case {
  const [n = 0, ...features] = src
  const [weights, dst] = [
    [units, sizeOf(features)],
    [n, units],
  ]
  const title = `dense ${src.join('x')} to ${units}${logits ? ' logits' : ''}${relu ? ', relu' : ''}`
  return {
    title,
    operands: {
      src: activation(src, uniform(`${title} src`, src)),
      weights: state(weights, uniform(`${title} weights`, weights)),
      bias: state([units], uniform(`${title} bias`, [units])),
      diffDst: activation(dst, uniform(`${title} diffDst`, dst)),
    },
    results: {
      dst: result(dst, logits ? 'f32' : 'activation'),
      ...(relu && { diffSum: result(dst) }),
      diffSrc: result(src),
      diffWeights: result(weights, 'f32'),
      diffBias: result([units], 'f32'),
    },
    forward: (find) => [
      {
        kind: 'dense',
        src: find('src'),
        weights: find('weights'),
        bias: find('bias'),
        dst: find('dst'),
        relu,
      },
    ],
    backward: (find) => {
      const diffDst = find(relu ? 'diffSum' : 'diffDst')
      const [diffWeights, diffBias] = [find('diffWeights'), find('diffBias')]
      return [
        ...(relu
          ? [{ kind: 'reluBackward', dst: find('dst'), diffDst: find('diffDst'), diffSrc: diffDst } as const]
          : []),
        { kind: 'denseBackwardWeights', src: find('src'), diffDst, diffWeights, diffBias },
        { kind: 'denseBackwardData', diffDst, weights: find('weights'), diffSrc: find('diffSrc') },
      ]
    },
    gradients: { diffSrc: 'src', diffWeights: 'weights', diffBias: 'bias' },
  }
}

export const denseCases: readonly Case[] = [
  denseCase([5, 20], 7, false),
  denseCase([6, 48], 10, false, true),
  denseCase([32, 100], 10, true),
  denseCase([1, 33], 16, false),
  denseCase([3, 4, 5, 3], 17, true),
  denseCase([4, 3, 3, 16], 10, false),
  denseCase([2, 5, 3, 17], 32, false),
  denseCase([8, 2, 2, 32], 64, true),
  // Rows half a page apart, many of them, on either side of the gradient of the weights.
  denseCase([132, 512], 20, false),
  denseCase([132, 24], 512, false),
  // Longer than what a thread does at once.
  denseCase([2, 4500], 8, false),
]
