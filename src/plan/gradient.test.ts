import { expect, test } from 'vitest'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
  relu,
  sequential,
} from '../graph/layers.js'
import { buildGradientPlan } from './gradient.js'
import { tensorOf } from './plan.js'

const graph = sequential(
  'm',
  input(8, 8, 1),
  conv2d(3, 3, { name: 'first' }),
  batchNormalization({ name: 'norm' }),
  relu({ name: 'rectified' }),
  maxPooling2d(2),
  dropout(0.5),
  flatten(),
  dense(2),
)
const options = {
  batch: 4,
  precision: 'f32',
  scaling: { scale: 1 / 255, shift: 0 },
  imageDType: 'f32',
} as const
const planFor = (layer: string) => buildGradientPlan(graph, { ...options, layer })
const backwardOf = (layer: string): string[] => {
  const kinds = planFor(layer).steps.map(({ kind }) => kind)
  return kinds.slice(kinds.indexOf('denseBackwardData'))
}

test('goes back to the image by given statistics, without dropout and gradients of weights', () => {
  expect(backwardOf('input')).toEqual([
    'denseBackwardData',
    'reshape',
    'maxPoolingBackward',
    'reluBackward',
    // Of the gradients, with means and shifts of zero.
    'batchNormalizationInference',
    'convolutionBackwardData',
  ])
  const kinds = planFor('input').steps.map(({ kind }) => kind)
  expect(kinds).not.toContain('batchNormalization')
  expect(kinds).not.toContain('dropout')
})

test('goes back no further than the layer, be it one that training would fuse away', () => {
  expect(backwardOf('rectified')).toEqual(['denseBackwardData', 'reshape', 'maxPoolingBackward'])
})

test('takes weights of the logits, and gives logits, activations and gradients', () => {
  const plan = planFor('rectified')
  const shapesOf = (names: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(names).map(([name, id]) => [name, tensorOf(plan, id).shape]))
  expect(shapesOf(plan.inputs)).toEqual({ images: [4, 8, 8, 1], diffLogits: [4, 2] })
  expect(shapesOf(plan.outputs)).toEqual({
    logits: [4, 2],
    activations: [4, 8, 8, 3],
    gradients: [4, 8, 8, 3],
  })
})

test('refuses a layer that is not there', () => {
  expect(() => planFor('second')).toThrow('model m has no layer second')
})
