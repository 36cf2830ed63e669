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

test('sums gradient times what a place adds to a black image, blurs and rectifies', () => {
  // 1 x 3 places of two channels: 2 (5 - 1) - 1 (1 - 1) = 8, then 0, then 1 (1 - 0) - 9 (1 - 0) = -8.
  const gradients = Float32Array.of(2, -1, 3, 3, 1, -9)
  const activations = Float32Array.of(5, 1, 1, 1, 1, 1)
  const black = Float32Array.of(1, 1, 1, 1, 0, 0)
  const rows = gradCam({ activations, black, gradients }, [1, 3, 2])
  // Along the row (4, 0, -4); the rows above and below count as zero.
  expect(rows).toEqual(Float32Array.of(2, 0, 0))
  const square = { activations: new Float32Array(9).fill(1), black: new Float32Array(9) }
  const spot = gradCam(
    { ...square, gradients: Float32Array.from({ length: 9 }, (_, i) => (i === 4 ? 16 : 0)) },
    [3, 3, 1],
  )
  expect(spot).toEqual(Float32Array.of(1, 2, 1, 2, 4, 2, 1, 2, 1))
})
