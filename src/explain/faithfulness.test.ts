import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDataset } from '../../test/support/idx.js'
import { keyOf, Random } from '../core/random.js'
import { type Dataset, loadDataset } from '../data/dataset.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { batchNormalization, conv2d, dense, flatten, input, sequential } from '../graph/layers.js'
import { namedRecipe } from '../recipes/index.js'
import { type TrainedModel, trainedRun } from '../runs/trained-model.js'
import { initializeWeights } from '../train/initialize.js'
import { prepareRun } from '../train/prepare.js'
import { trainRun } from '../train/train-run.js'
import { createExplainer } from './explainer.js'
import {
  measureFaithfulness,
  spearman,
  withoutAsManyAtRandom,
  withoutRandomDecile,
  withoutTopDecile,
  withoutTopDecileOfLit,
} from './faithfulness.js'
import { methods } from './methods.js'

describe('rank correlation', () => {
  it('is 1 for the same order and -1 for the opposite', () => {
    expect(spearman([1, 2, 30], [0, 5, 6])).toBeCloseTo(1, 12)
    expect(spearman([1, 2, 30], [6, 5, 0])).toBeCloseTo(-1, 12)
  })

  it('gives equal values their mean rank, as SciPy does', () => {
    expect(spearman([1, 2, 2, 4, 4, 4], [3, 1, 2, 2, 5, 6])).toBeCloseTo(0.42270139648247596, 12)
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0)
  })
})

describe('deciles', () => {
  const image = Uint8Array.from({ length: 40 }, (_, i) => (i < 20 ? 9 : 0))
  const map = Float32Array.from({ length: 40 }, (_, i) => (i % 20) + i / 100)
  const blackOf = (copy: Uint8Array): number[] => Array.from(copy.keys()).filter((i) => copy[i] !== image[i])
  const blackCount = (copy: Uint8Array): number => copy.filter((value) => value === 0).length

  it('are those of the whole map, or of the lit places', () => {
    // Places 39, 19, 38 and 18 have the largest values; the first and third are black already.
    expect(blackOf(withoutTopDecile(image, map))).toEqual([18, 19])
    const lower = map.map((value, i) => (i < 20 ? value : 100))
    expect(blackOf(withoutTopDecile(image, lower))).toEqual([])
    expect(blackOf(withoutTopDecileOfLit(image, lower))).toEqual([18, 19])
  })

  it('are random ones of the lit places', () => {
    const random = new Random(keyOf(1, 'deciles'))
    expect(blackCount(withoutRandomDecile(image, random))).toBe(22)
    expect(blackCount(withoutAsManyAtRandom(image, random))).toBe(24)
    expect(blackOf(withoutRandomDecile(image, random))).not.toEqual(
      blackOf(withoutRandomDecile(image, random)),
    )
  })
})

describe('maps of a trained model', () => {
  const engine = createReferenceEngine()
  const layers = [
    input(10, 10, 1),
    conv2d(6, 3, { activation: 'relu' }),
    batchNormalization(),
    flatten(),
    dense(3),
  ] as const
  const graph = sequential('small', ...layers)
  let model: TrainedModel
  let dataset: Dataset
  const folder = join(tmpdir(), `atelier-test-faithfulness-${process.pid}`)
  afterAll(() => rm(folder, { recursive: true, force: true }))
  beforeAll(async () => {
    await writeDataset(join(folder, 'data'), {
      trainCount: 150,
      testCount: 30,
      height: 10,
      width: 10,
      classes: 3,
    })
    dataset = await loadDataset({ data: join(folder, 'data') })
    const recipe = { ...namedRecipe('quick', 'small'), batch: 10, epochs: 3, augmentation: null } as const
    const request = {
      model: 'small',
      source: null,
      graph,
      recipeName: 'quick',
      settings: [],
      seed: 1,
      limit: null,
    }
    const run = await prepareRun({
      ...request,
      directory: join(folder, 'run'),
      recipe: { ...recipe, precision: 'f32' },
      dataset,
      engine,
    })
    await trainRun({ run, dataset, engine })
    model = await trainedRun(run)
  })

  it.each(methods)('by %s depend on what it learned, and point at what it needs', async (method) => {
    const weights = await model.readWeights()
    const classifier = await engine.classifier(graph, { precision: 'f32', scaling: model.scaling })
    await classifier.load(weights)
    const figures = await measureFaithfulness({
      explainer: await createExplainer(engine, model, weights, method),
      untrained: await createExplainer(engine, model, initializeWeights(graph, 7), method),
      logitsOf: (images, count) => classifier.logits(images, count),
      images: dataset.test.images.subarray(0, 10 * 100),
      count: 10,
      seed: 1,
    })
    expect(figures.similarity).toBeLessThan(0.5)
    expect(figures.topDecile).toBeGreaterThan(figures.randomDecile)
    expect(figures.topDecileOfLit).toBeGreaterThan(figures.randomDecile)
  })
})
