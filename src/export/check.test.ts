import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import type { Dataset, Split } from '../data/dataset.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { encodeOnnx, type OnnxPrecision } from '../onnx/model.js'
import { type TrainedModel, trainedRun } from '../runs/trained-model.js'
import { checkOnnx } from './check.js'

const [count, area, classes] = [90, 16, 3]

/** Only the second pixel tells the class: dark, gray or bright. The first is black everywhere. */
function scenes(): Split {
  const images = new Uint8Array(new SharedArrayBuffer(count * area))
  const labels = new Uint8Array(new SharedArrayBuffer(count))
  for (let i = 0; i < count; i++) {
    labels[i] = i % classes
    images[i * area + 1] = 20 + 100 * (i % classes)
  }
  return { images, labels, count }
}

/** A linear model that tells these classes, and has a weight of that size at the first pixel. */
async function linearModel(size: number): Promise<{ model: TrainedModel; dataset: Dataset }> {
  const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const weight = new Float32Array(classes * area)
  for (let label = 0; label < classes; label++) {
    weight[label * area] = size
    weight[label * area + 1] = label
  }
  const weights = new Map([
    ['dense_1.weight', weight],
    ['dense_1.bias', Float32Array.of(0, -0.3, -1)],
  ])
  const model = await trainedRun(run)
  const scaling = { scale: 1 / 255, shift: 0 }
  return {
    model: { ...model, scaling, readWeights: async () => weights },
    dataset: { ...dataset, test: scenes() },
  }
}

const engine = createReferenceEngine()

async function check(size: number, precision: OnnxPrecision, rgb = false) {
  const { model, dataset } = await linearModel(size)
  const weights = await model.readWeights()
  const bytes = encodeOnnx({ graph: model.graph, scaling: model.scaling, weights }, { precision, rgb })
  return checkOnnx(model, { bytes, precision, rgb }, { dataset, engine })
}

describe('the check of an ONNX file', () => {
  it.each([
    ['f32', false],
    ['f16', false],
    ['int8', false],
    ['f32', true],
  ] as const)('says how well %s agrees (rgb: %s)', async (precision, rgb) => {
    const agreement = await check(1, precision, rgb)
    expect(agreement).toMatchObject({ n: count, engine: 'reference', sameClass: count })
    expect(agreement).toMatchObject({ accuracy: 1, engineAccuracy: 1 })
    expect(agreement.largestLogit).toBeCloseTo(1 - (2 * 20) / 255, 5)
    expect(agreement.largestDifference).toBeLessThan(precision === 'f32' ? 1e-6 : 0.02)
  })

  it('refuses bytes that lose accuracy, with the way out', async () => {
    // Beside 1,000, weights of 1 and 2 are less than half a step of a byte.
    await expect(check(1000, 'int8')).rejects.toThrow(
      /--precision int8: expected a test accuracy of at least 99.50 % \(100.00 % in f32\), received 33.33 %.*f16/,
    )
    expect((await check(1000, 'f16')).accuracy).toBe(1)
  })

  it('refuses an f32 file with other logits', async () => {
    const { model, dataset } = await linearModel(1)
    const { graph, scaling } = model
    const others = new Map(await model.readWeights()).set('dense_1.bias', Float32Array.of(0, 0, 0.01))
    const bytes = encodeOnnx({ graph, scaling, weights: others })
    const file = { bytes, precision: 'f32', rgb: false } as const
    await expect(checkOnnx(model, file, { dataset, engine })).rejects.toThrow(
      /expected the engine's logits of 90 test images within 0.0010, received a difference of 1.0/,
    )
  })

  it('refuses data of another kind', async () => {
    const { model, dataset } = await linearModel(1)
    const file = { bytes: new Uint8Array(), precision: 'f32', rgb: false } as const
    await expect(checkOnnx(model, file, { dataset: { ...dataset, height: 5 }, engine })).rejects.toThrow(
      /input: expected 5 x 4 x 1 as the data has/,
    )
  })
})
