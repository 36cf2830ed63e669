import { expect, test } from 'vitest'
import { conv2d, dense, flatten, globalAveragePooling2d, input, sequential } from '../../graph/layers.js'
import { modelNames, models } from '../../models/index.js'
import { gradCam, gradCamLayer } from './grad-cam.js'

test('looks at the last convolution of cnn and at the first stage of resnet50', () => {
  const layers = modelNames.map((name) => [name, gradCamLayer(models[name].build())])
  expect(Object.fromEntries(layers)).toEqual({
    nn: null,
    dnn: null,
    cnn: 'conv2d_4',
    resnet50: 'stage1_block3_relu',
  })
})

test('finds no layer where none is rectified or all are small', () => {
  const plain = sequential('plain', input(9, 9, 1), conv2d(2, 3), flatten(), dense(2))
  const small = sequential(
    'small',
    input(6, 6, 1),
    conv2d(2, 3, { activation: 'relu' }),
    globalAveragePooling2d(),
  )
  expect([gradCamLayer(plain), gradCamLayer(small)]).toEqual([null, null])
})

test('weighs channels by their mean gradients and rectifies the sum', () => {
  // 1 x 2 places of two channels: weights (2 + 4) / 2 = 3 and (-1 + -3) / 2 = -2.
  const gradients = Float32Array.of(2, -1, 4, -3)
  const activations = Float32Array.of(5, 1, 1, 6)
  expect(gradCam(activations, gradients, [1, 2, 2])).toEqual(Float32Array.of(13, 0))
})
