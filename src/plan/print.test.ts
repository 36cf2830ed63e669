import { describe, expect, it } from 'vitest'
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  input,
  maxPooling2d,
  sequential,
} from '../graph/layers.js'
import { nn } from '../models/nn.js'
import { buildInferencePlan, buildTrainingPlan } from './build.js'
import { formatPlan } from './print.js'

const common = {
  batch: 4,
  precision: 'f32',
  scaling: { scale: 1 / 255, shift: 0 },
  imageDType: 'u8',
} as const

describe('formatPlan', () => {
  it('shows the training of nn', () => {
    const update = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const
    const plan = buildTrainingPlan(nn(), { ...common, update, smoothing: 0, average: true })
    const text = formatPlan(plan)
    const lines = text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').trim())
    expect(lines).toEqual([
      '# | Step | Writes | Shape | Type | Slot | Lives | With | Reads',
      '─'.repeat(100),
      '0 | rescale | pixels | 4 x 28 x 28 x 1 | f32 | 4 | 0-7 | scale 0.003922 | images [0]',
      '1 | dense | dense_1 | 4 x 128 | f32 | 5 | 1-6 | relu | pixels [4], dense_1.{weight, bias}',
      '2 | dense | dense_2 | 4 x 10 | f32 | 6 | 2-3 | dense_1 [5], dense_2.{weight, bias}',
      '3 | softmaxCrossEntropy | metrics | 2 | f32 | 3 | 0-8 | dense_2 [6], labels [1]',
      '| gradient/logits | 4 x 10 | f32 | 7 | 3-5',
      '4 | denseBackwardWeights | gradient/dense_2.weight | 10 x 128 | f32 | 6 | 4-8 | dense_1 [5], gradient/logits [7]',
      '| gradient/dense_2.bias | 10 | f32 | 8 | 4-8',
      '5 | denseBackwardData | gradient/dense_1 | 4 x 128 | f32 | 9 | 5-6 | gradient/logits [7], dense_2.weight',
      '6 | reluBackward | gradient/dense_1#2 | 4 x 128 | f32 | 9 | 6-7 | dense_1 [5], gradient/dense_1 [9]',
      '7 | denseBackwardWeights | gradient/dense_1.weight | 128 x 784 | f32 | 5 | 7-8 | pixels [4], gradient/dense_1#2 [9]',
      '| gradient/dense_1.bias | 128 | f32 | 7 | 7-8',
      '8 | adam | 4 weights and their state | f32 | epsilon 1e-7, beta1 0.9, beta2 0.999 | hyper [2], 4 gradients',
      '',
      'Mode | training, 4 images a step, 9 steps',
      'Temporary | 425 kB: 14 tensors in 10 slots (429 kB if each had its own)',
      'Persistent | 1.63 MB: weights 407 kB, average 407 kB, adam.mean 407 kB, adam.variance 407 kB',
      '',
    ])
  })

  it('shows windows, strides and padding, and groups weights by layer', () => {
    const graph = sequential(
      'tiny',
      input(6, 6, 1),
      conv2d(2, 3, { strides: 2, activation: 'relu' }),
      batchNormalization(),
      maxPooling2d(2),
      flatten(),
      dense(3),
    )
    const text = formatPlan(buildInferencePlan(graph, { ...common, precision: 'bf16' }))
    expect(text).toMatch(
      /^1 {2}convolution +conv2d_1 +4 x 3 x 3 x 2 {2}bf16 .* strides 2 x 2, padding 0 0 1 1, relu {2}pixels \[\d\], conv2d_1\.\{weight, bias\}$/m,
    )
    expect(text).toMatch(/ batch_normalization_1\.\{gamma, beta, mean, variance\}$/m)
    expect(text).toMatch(/^3 {2}maxPooling .* window 2 x 2, strides 2 x 2 /m)
    expect(text).toMatch(/^Mode {8}inference, 4 images a step, 5 steps$/m)
  })
})
