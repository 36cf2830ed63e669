import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { conv2d, dense, flatten, globalAveragePooling2d, input, sequential } from '../graph/layers.js'
import { initializeWeights } from '../train/initialize.js'
import { createExplainer, defaultMethod } from './explainer.js'
import { logOddsGradient } from './log-odds.js'
import { methods } from './methods.js'
import { noisyCopies, SAMPLES } from './smooth-grad.js'

const engine = createReferenceEngine()
const pixels = { scale: 1 / 128, shift: -1 }
const random = new Random(keyOf(1, 'image'))
const image = Uint8Array.from({ length: 64 }, () => random.integer(256))
const linear = { graph: sequential('linear', input(8, 8, 1), flatten(), dense(3)), scaling: pixels }
const layers = [
  input(8, 8, 1),
  conv2d(4, 3, { activation: 'relu' }),
  globalAveragePooling2d(),
  dense(3),
] as const
const convolutional = { graph: sequential('convolutional', ...layers), scaling: pixels }

describe('an explainer', () => {
  it('by gradients gives what each pixel adds to the log-odds of a linear model, to first order', async () => {
    const weights = initializeWeights(linear.graph, 1)
    const explainer = await createExplainer(engine, linear, weights, 'gradient')
    const { values, classIndex, logits, layer } = await explainer.explain(image)
    expect([logits[classIndex], layer]).toEqual([Math.max(...logits), null])
    const matrix = weights.get('dense_1.weight') as Float32Array
    // Of each noisy copy its own log-odds, then the mean.
    const [copies, shares] = [noisyCopies(image), new Float64Array(3)]
    for (let copy = 0; copy < SAMPLES; copy++) {
      const seen = copies.subarray(64 * copy, 64 * (copy + 1))
      const of = Float32Array.from({ length: 3 }, (_, c) =>
        seen.reduce((sum, pixel, i) => sum + (pixel / 128 - 1) * (matrix[c * 64 + i] as number), 0),
      )
      logOddsGradient(of, classIndex).forEach((share, c) => {
        shares[c] = (shares[c] as number) + share / SAMPLES
      })
    }
    image.forEach((pixel, i) => {
      const slope = shares.reduce((sum, share, c) => sum + share * (matrix[c * 64 + i] as number), 0)
      expect(values[i]).toBeCloseTo((pixel / 128) * slope, 5)
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

  it('by Grad-CAM shares out what a net with average pooling adds to a black image', async () => {
    const weights = initializeWeights(convolutional.graph, 2)
    const explainer = await createExplainer(engine, convolutional, weights, 'gradcam')
    const wholes = [0, 1, 2].map(async (classIndex) => {
      const { values, logits, layer } = await explainer.explain(image, classIndex)
      expect(layer).toBe('conv2d_1')
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
      const black = await explainer.explain(new Uint8Array(64), classIndex)
      expect(Math.max(...black.values)).toBe(0)
      // The net is linear behind the layer: the gain in log-odds' first order is the sum of all places' shares.
      const gain = logOddsGradient(logits, classIndex).reduce(
        (sum, share, c) => sum + share * ((logits[c] as number) - (black.logits[c] as number)),
        0,
      )
      return { sum: values.reduce((a, b) => a + b, 0), gain }
    })
    const best = (await Promise.all(wholes)).reduce((a, b) => (b.gain > a.gain ? b : a))
    // Blurring loses shares beyond the edges, rectifying those below zero.
    expect(best.sum).toBeGreaterThan(0.7 * best.gain)
    expect(best.sum).toBeLessThan(1.3 * best.gain)
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
    const flat = { graph: sequential('flat', input(64), dense(3)), scaling: pixels }
    const refused = createExplainer(engine, flat, initializeWeights(flat.graph, 1), 'gradient')
    await expect(refused).rejects.toThrow('Model flat, input: expected height x width x channels')
  })
})
