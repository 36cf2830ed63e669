import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { type FinishedRun, finishedRun } from '../../test/support/run.js'
import { UsageError } from '../core/errors.js'
import { loadDataset, type Split } from '../data/dataset.js'
import { holdOut } from '../data/split.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { pixelScaling } from '../recipes/recipe.js'
import { evaluateRun } from './evaluate.js'
import { evaluateLogits } from './metrics.js'
import type { SplitName } from './splits.js'

const engine = createReferenceEngine()
const common = { engine, precision: 'f32', temperature: null } as const

/** The linear model by hand: W (scale x + shift) + b, on some images of a split. */
function expected({ run, dataset, weights }: FinishedRun, split: Split, indices: Uint32Array) {
  const { scale, shift } = pixelScaling(run.record.recipe)
  const matrix = weights.get('dense_1.weight') as Float32Array
  const logits = Float32Array.from({ length: 3 * indices.length }, (_, i) => {
    const image = indices[Math.floor(i / 3)] as number
    const pixels = split.images.subarray(16 * image, 16 * image + 16)
    const row = matrix.subarray(16 * (i % 3), 16 * (i % 3) + 16)
    return row.reduce((sum, weight, k) => sum + weight * (scale * (pixels[k] as number) + shift), 0)
  })
  const labels = Uint8Array.from(indices, (index) => split.labels[index] as number)
  return evaluateLogits(logits, labels, dataset.classes)
}

describe('evaluateRun', () => {
  it('scores each split on its own images', async () => {
    const finished = await finishedRun(await temporaryFolder(), { holdOut: 0.25 })
    const { run, dataset } = finished
    const { train, heldOut } = holdOut(60, 15, 0)
    const cases: [SplitName, Split, Uint32Array][] = [
      ['test', dataset.test, Uint32Array.from({ length: 30 }, (_, image) => image)],
      ['validation', dataset.train, heldOut],
      ['train', dataset.train, train],
    ]
    for (const [split, images, indices] of cases) {
      const evaluation = await evaluateRun({ ...common, run, dataset, split })
      const { loss, calibration, ...counts } = expected(finished, images, indices)
      expect(evaluation).toMatchObject(counts)
      expect(evaluation.loss).toBeCloseTo(loss, 5)
      expect(evaluation.calibration.ece).toBeCloseTo(calibration.ece, 5)
      expect(evaluation.temperatureScaling).toBeNull()
    }
  })

  it('has no validation split where nothing was held out', async () => {
    const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    const scoring = evaluateRun({ ...common, run, dataset, split: 'validation' })
    await expect(scoring).rejects.toThrow(UsageError)
    await expect(scoring).rejects.toThrow(
      /^--split validation: expected a run that held images out, received .*run, which held out none/,
    )
  })

  it('scores only what it knows to be unseen or seen', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0.25 })
    const others = join(folder, 'others')
    await writeDataset(others, { trainCount: 60, testCount: 30, height: 4, width: 4, classes: 3, seed: 2 })
    const dataset = await loadDataset({ data: others })
    await expect(evaluateRun({ ...common, run, dataset, split: 'validation' })).rejects.toThrow(
      /--split validation, train-images-idx3-ubyte: expected the run's own data, received other bytes/,
    )
    expect((await evaluateRun({ ...common, run, dataset, split: 'test' })).n).toBe(30)
  })

  it('refuses runs that are not finished, data of another form, and bf16 where there is none', async () => {
    const folder = await temporaryFolder()
    const { run, dataset } = await finishedRun(folder, { holdOut: 0 })
    await expect(evaluateRun({ ...common, run, dataset, split: 'test', precision: 'bf16' })).rejects.toThrow(
      /--precision bf16: expected the native engine/,
    )
    const larger = join(folder, 'larger')
    await writeDataset(larger, { trainCount: 10, testCount: 10, height: 5, width: 5, classes: 3 })
    await expect(
      evaluateRun({ ...common, run, dataset: await loadDataset({ data: larger }), split: 'test' }),
    ).rejects.toThrow(/input: expected 5 x 5 x 1 as the data has, received 4 x 4 x 1/)
  })
})
