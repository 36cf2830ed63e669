import { expect, test } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { conv2d, dense, flatten, globalAveragePooling2d, input, sequential } from '../graph/layers.js'
import { models, studyNames } from '../models/index.js'
import { initializeWeights } from '../train/initialize.js'
import { gainsOnTheWay, gradCam, gradCamLayer, imagesOnTheWay, STEPS } from './grad-cam.js'
import { GradientProgram } from './gradient-program.js'

test('looks at the last convolution of cnn and at the first stage of resnet50', () => {
  const layers = studyNames.map((name) => [name, gradCamLayer(models[name].build())])
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

test('goes from a black image to the given one', () => {
  const images = imagesOnTheWay(Uint8Array.of(0, 8, 255))
  expect(images).toHaveLength(3 * (STEPS + 1))
  expect(images.subarray(0, 6)).toEqual(Float32Array.of(0, 0, 0, 0, 1, 255 / 8))
  expect(images.subarray(-3)).toEqual(Float32Array.of(0, 8, 255))
})

test('sums what the channels of a place add on the way', () => {
  // 1 x 2 places of two channels, step by step: of the first place s and 1, of the second -s and 3.
  const ends = Array.from({ length: STEPS + 1 }, (_, s) => s)
  const activations = Float32Array.from(ends.flatMap((s) => [s, 1, s, 3]))
  const gradients = Float32Array.from(ends.flatMap((s) => [s, 7, -s, 7]))
  // The integral of s over 0 ... 8 is 32; a channel that does not change adds nothing.
  expect(gainsOnTheWay({ activations, gradients }, [1, 2, 2])).toEqual(Float64Array.of(32, -32))
})

test('rectifies what places add, enlarges it to the image and blurs', () => {
  const row = { height: 1, width: 3 }
  // Along the row (1, 2, 1) / 4, and half of it as the rows above and below count as zero.
  expect(gradCam(Float64Array.of(16, -7, 8), row, row)).toEqual(Float32Array.of(4, 3, 2))
  const enlarged = gradCam(Float64Array.of(16), { height: 1, width: 1 }, { height: 3, width: 3 })
  expect(enlarged).toEqual(Float32Array.of(9, 12, 9, 12, 16, 12, 9, 12, 9))
})

test('shares out all that an image adds to a black one, whatever lies behind the layer', async () => {
  const layers = [
    conv2d(4, 3, { activation: 'relu' }),
    conv2d(4, 3, { activation: 'relu' }),
    flatten(),
  ] as const
  const graph = sequential('net', input(7, 7, 1), ...layers, dense(8, { activation: 'relu' }), dense(3))
  const [engine, weights] = [createReferenceEngine(), initializeWeights(graph, 3)]
  const model = { graph, scaling: { scale: 1 / 64, shift: -1 } }
  const random = new Random(keyOf(1, 'image'))
  const image = Uint8Array.from({ length: 49 }, () => random.integer(256))
  const classifier = await engine.classifier(graph, {
    precision: 'f32',
    scaling: model.scaling,
    batch: 2,
  })
  await classifier.load(weights)
  const logits = await classifier.logits(Uint8Array.of(...image, ...new Uint8Array(49)), 2)
  const objective = Float32Array.of(10, -20, 5)
  const gain = objective.reduce(
    (sum, weight, i) => sum + weight * ((logits[i] as number) - (logits[3 + i] as number)),
    0,
  )
  const program = await GradientProgram.create(engine, model, weights, {
    layer: 'conv2d_1',
    batch: STEPS + 1,
  })
  const gains = gainsOnTheWay(await program.run(imagesOnTheWay(image), () => objective), [7, 7, 4])
  expect(Math.abs(gain)).toBeGreaterThan(1)
  const share = gains.reduce((a, b) => a + b) / gain
  expect(Math.abs(share - 1)).toBeLessThan(0.1)
})
