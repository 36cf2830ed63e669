import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engine, prepare, recipe, setUp, stopAfter } from '../../test/support/small-training.js'
import { applySettings, namedRecipe } from '../recipes/index.js'
import type { Recipe } from '../recipes/recipe.js'
import { openRun, type RunFolder } from '../runs/run-folder.js'
import { classWeightsOf } from './class-weights.js'
import { trainRun } from './train-run.js'

const indices = Uint32Array.of(0, 1, 2, 4, 5, 6)
const labels = Uint8Array.of(0, 0, 1, 2, 0, 1, 0)
const weightsOf = (run: RunFolder): Promise<Buffer> => readFile(join(run.directory, 'model.safetensors'))

describe('class weights', () => {
  it('are as given, or let all classes of the images trained on count the same', () => {
    expect(classWeightsOf({ classWeights: null }, labels, indices, 3)).toBeNull()
    expect(classWeightsOf({ classWeights: [1, 0.5, 2] }, labels, indices, 3)).toEqual(
      Float32Array.of(1, 0.5, 2),
    )
    // Four of class 0 and two of class 1; the one of class 2 is not trained on.
    const balanced = classWeightsOf({ classWeights: 'balanced' }, labels, indices, 3)
    expect(balanced).toEqual(Float32Array.of(0.5, 1, 0))
  })

  it('are values of a recipe', async () => {
    const nn = namedRecipe('quick', 'nn')
    expect(applySettings(nn, ['classWeights=balanced']).classWeights).toBe('balanced')
    expect(applySettings(nn, ['classWeights=[1,2]']).classWeights).toEqual([1, 2])
    for (const wrong of ['[0,0]', '[-1,1]', 'even']) {
      expect(() => applySettings(nn, [`classWeights=${wrong}`])).toThrow(/classWeights/)
    }
    const { folder, dataset } = await setUp()
    const two = { ...recipe, classWeights: [1, 2] }
    await expect(prepare(join(folder, 'run'), dataset, { recipe: two })).rejects.toThrow(
      'classWeights: expected 3 numbers, one for each class of the data, received 2',
    )
  })
})

describe('a training with class weights', () => {
  async function trained(changes: Partial<Recipe>) {
    const { folder, dataset } = await setUp()
    const options = { recipe: { ...recipe, ...changes } }
    const run = await prepare(join(folder, 'run'), dataset, options)
    return { folder, dataset, options, run, ...(await trainRun({ run, dataset, engine })) }
  }

  it('of one number for all is the training without', async () => {
    const [without, with2] = [await trained({}), await trained({ classWeights: [2, 2, 2] })]
    expect(await weightsOf(with2.run)).toEqual(await weightsOf(without.run))
    expect(with2.history.map(({ loss }) => loss)).toEqual(without.history.map(({ loss }) => loss))
  })

  it('learns nothing of a class whose weight is 0, and resumes to the bit', async () => {
    const { folder, dataset, options, run } = await trained({ classWeights: [1, 0, 3] })
    const halted = await prepare(join(folder, 'halted'), dataset, options)
    await stopAfter(2, { run: halted, dataset, engine })
    await trainRun({ run: await openRun(halted.directory), dataset, engine })
    expect(await weightsOf(halted)).toEqual(await weightsOf(run))
    // Pixels of that class may be anything.
    const images = new Uint8Array(dataset.train.images)
    dataset.train.labels.forEach((label, i) => {
      if (label === 1) images.fill(255, 25 * i, 25 * (i + 1))
    })
    const other = { ...dataset, train: { ...dataset.train, images: shared(images) } }
    const blind = await prepare(join(folder, 'blind'), other, options)
    await trainRun({ run: blind, dataset: other, engine })
    expect(await weightsOf(blind)).toEqual(await weightsOf(run))
  })
})

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
