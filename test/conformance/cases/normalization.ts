import { activation, type Case, result, state } from '../case.js'
import { uniform } from '../values.js'

const epsilon = 1e-3

function parameters(title: string, channels: number) {
  return {
    gamma: state([channels], uniform(`${title} gamma`, [channels], 0.5, 1.5)),
    beta: state([channels], uniform(`${title} beta`, [channels])),
  }
}

/** Forward and backward of Batch Normalization with the batch's statistics. */
export function trainingCase(shape: readonly number[], relu: boolean): Case {
  const channels = shape.at(-1) as number
  const title = `batch normalization ${shape.join('x')}${relu ? ', relu' : ''}`
  return {
    title,
    operands: {
      // Off-centre, so that a variance taken as a difference of large squares would show.
      src: activation(shape, uniform(`${title} src`, shape, 1, 4)),
      diffDst: activation(shape, uniform(`${title} diffDst`, shape)),
      ...parameters(title, channels),
    },
    results: {
      dst: result(shape),
      mean: result([channels], 'f32'),
      variance: result([channels], 'f32'),
      ...(relu && { mask: result(shape, 'opaque') }),
      diffSrc: result(shape),
      diffGamma: result([channels], 'f32'),
      diffBeta: result([channels], 'f32'),
    },
    forward: (find) => [
      {
        kind: 'batchNormalization',
        src: find('src'),
        gamma: find('gamma'),
        beta: find('beta'),
        dst: find('dst'),
        mean: find('mean'),
        variance: find('variance'),
        mask: relu ? find('mask') : null,
        epsilon,
        relu,
      },
    ],
    backward: (find) => [
      {
        kind: 'batchNormalizationBackward',
        src: find('src'),
        diffDst: find('diffDst'),
        gamma: find('gamma'),
        beta: find('beta'),
        mean: find('mean'),
        variance: find('variance'),
        mask: relu ? find('mask') : null,
        diffSrc: find('diffSrc'),
        diffGamma: find('diffGamma'),
        diffBeta: find('diffBeta'),
        epsilon,
        relu,
      },
    ],
    gradients: { diffSrc: 'src', diffGamma: 'gamma', diffBeta: 'beta' },
  }
}

export function inferenceCase(shape: readonly number[], relu: boolean): Case {
  const channels = shape.at(-1) as number
  const title = `batch normalization at inference ${shape.join('x')}${relu ? ', relu' : ''}`
  return {
    title,
    operands: {
      src: activation(shape, uniform(`${title} src`, shape)),
      ...parameters(title, channels),
      mean: state([channels], uniform(`${title} mean`, [channels])),
      variance: state([channels], uniform(`${title} variance`, [channels], 0.2, 2)),
    },
    results: { dst: result(shape) },
    forward: (find) => [
      {
        kind: 'batchNormalizationInference',
        src: find('src'),
        gamma: find('gamma'),
        beta: find('beta'),
        mean: find('mean'),
        variance: find('variance'),
        dst: find('dst'),
        epsilon,
        relu,
      },
    ],
  }
}

export const normalizationCases: readonly Case[] = [
  trainingCase([16, 9], false),
  trainingCase([7, 32], false),
  trainingCase([12, 17], true),
  trainingCase([3, 5, 4, 1], false),
  trainingCase([2, 4, 4, 3], true),
  trainingCase([3, 3, 5, 10], false),
  trainingCase([2, 4, 4, 16], true),
  trainingCase([2, 5, 3, 17], true),
  trainingCase([4, 2, 2, 32], false),
  inferenceCase([5, 12], false),
  inferenceCase([2, 3, 4, 3], true),
  inferenceCase([2, 3, 3, 17], false),
  inferenceCase([1, 4, 4, 32], true),
]
