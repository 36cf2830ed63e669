import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../core/random.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import { conv2d, dense, flatten, globalAveragePooling2d, input, sequential } from '../../graph/layers.js'
import { initializeWeights } from '../../train/initialize.js'
import { createExplainer, defaultMethod } from './explainer.js'
import { methods } from './methods.js'

const engine = createReferenceEngine()
const pixels = { scale: 1 / 128, shift: -1 }
const random = new Random(keyOf(1, 'image'))
const image = Uint8Array.from({ length: 64 }, () => random.integer(256))
const linear = { graph: sequential('linear', input(8, 8, 1), flatten(), dense(3)), pixels }
const layers = [
  input(8, 8, 1),
  conv2d(4, 3, { activation: 'relu' }),
  globalAveragePooling2d(),
  dense(3),
] as const
const convolutional = { graph: sequential('convolutional', ...layers), pixels }

describe('an explainer', () => {
  it('by gradients gives what each pixel adds to the logit of a linear model', async () => {
    const weights = initializeWeights(linear.graph, 1)
    const explainer = await createExplainer(engine, linear, weights, 'gradient')
    const { values, classIndex, logits, layer } = await explainer.explain(image)
    expect([logits[classIndex], layer]).toEqual([Math.max(...logits), null])
    const row = (weights.get('dense_1.weight') as Float32Array).subarray(
      classIndex * 64,
      (classIndex + 1) * 64,
    )
    image.forEach((pixel, i) => {
      expect(values[i]).toBeCloseTo((pixel / 128) * (row[i] as number), 5)
    })
  })

  it.each(methods)('by %s explains the class asked for, the same way every time', async (method) => {
    const weights = initializeWeights(convolutional.graph, 2)
    const explainer = await createExplainer(engine, convolutional, weights, method)
    const [first, again, other] = [
      await explainer.explain(image, 1),
      await explainer.explain(image, 1),
      await explainer.explain(image, 2),
    ]
    expect(first).toMatchObject({ method, classIndex: 1, height: 8, width: 8 })
    expect(first.values).toHaveLength(64)
    expect(again).toEqual(first)
    expect(other.values).not.toEqual(first.values)
    expect(other.logits).toEqual(first.logits)
    explainer.dispose()
  })

  it('by Grad-CAM takes the mean gradients of the layer: with average pooling the dense weights', async () => {
    const weights = initializeWeights(convolutional.graph, 2)
    const explainer = await createExplainer(engine, convolutional, weights, 'gradcam')
    const { values, layer } = await explainer.explain(image, 0)
    expect(layer).toBe('conv2d_1')
    // Where every channel were as at a place, the logit would be 64 times the map there, plus the bias.
    expect(Math.max(...values)).toBeGreaterThan(0)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  })

  it('chooses Grad-CAM where there is a layer for it, and refuses it elsewhere', async () => {
    expect([defaultMethod(linear.graph), defaultMethod(convolutional.graph)]).toEqual(['gradient', 'gradcam'])
    const refused = createExplainer(engine, linear, initializeWeights(linear.graph, 1), 'gradcam')
    await expect(refused).rejects.toThrow(
      'Method gradcam: expected a model with a rectified layer of at least 7 x 7 pixels, ' +
        'received linear, which has none. Use gradient or occlusion',
    )
  })

  it('refuses models whose input is no image', async () => {
    const flat = { graph: sequential('flat', input(64), dense(3)), pixels }
    const refused = createExplainer(engine, flat, initializeWeights(flat.graph, 1), 'gradient')
    await expect(refused).rejects.toThrow('Model flat, input: expected height x width x channels')
  })
})
