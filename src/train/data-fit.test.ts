/** How a training takes to its data: as many logits as classes, and fewer images that are still of every class. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { encodeIdx, writeDataset } from '../../test/support/idx.js'
import { engine, prepare, recipe, setUp } from '../../test/support/small-training.js'
import { loadDataset } from '../data/dataset.js'
import { scoreRun } from '../evaluate/score.js'
import { classCountOf } from '../graph/graph.js'
import { dense, flatten, input, sequential } from '../graph/layers.js'
import { modelNames, models } from '../models/index.js'
import { namedRecipe } from '../recipes/index.js'
import { openRun } from '../runs/run-folder.js'
import { fitToData, prepareRun } from './prepare.js'
import { trainingSubset } from './subsets.js'
import { trainRun } from './train-run.js'

async function lettersOf(classes: number) {
  const data = await temporaryFolder()
  await writeDataset(data, { trainCount: 2 * classes, testCount: classes, classes })
  const names = Array.from({ length: classes }, (_, i) => `letter ${i}`)
  await writeFile(join(data, 'classes.json'), JSON.stringify(names))
  return loadDataset({ data })
}

describe('the number of classes', () => {
  it.each([2, 26, 47])('of %d is that of the logits of all four models', async (classes) => {
    const dataset = await lettersOf(classes)
    for (const model of modelNames) {
      const graph = fitToData({ model, source: null, graph: models[model].build() }, dataset)
      expect(classCountOf(graph)).toBe(classes)
    }
    const own = sequential('own', input(28, 28, 1), flatten(), dense(10))
    expect(() => fitToData({ model: 'own', source: 'own.ts', graph: own }, dataset)).toThrow(
      `expected ${classes} logits, one for each class of the data, received 10. Give it dense(${classes}) at its end`,
    )
  })

  it.each([2, 26])('of %d is trained and scored', async (classes) => {
    const dataset = await lettersOf(classes)
    const directory = join(await temporaryFolder(), 'run')
    const short = { ...namedRecipe('quick', 'nn'), epochs: 1, precision: 'f32' as const }
    const asked = { directory, model: 'nn', source: null, graph: models.nn.build(), recipeName: 'quick' }
    await prepareRun({ ...asked, recipe: short, settings: [], seed: 1, limit: null, dataset, engine })
    const run = await openRun(directory)
    const { test } = await scoreRun(run, dataset, engine, await trainRun({ run, dataset, engine }))
    expect(test.perClass).toHaveLength(classes)
  })
})

describe('a limit of images', () => {
  it('draws them by the seed, from a set that is sorted by class too', async () => {
    const { folder, dataset } = await setUp()
    const sorted = dataset.train.labels.slice().sort()
    await writeFile(join(folder, 'data', 'train-labels-idx1-ubyte'), encodeIdx([sorted.length], sorted))
    const data = await loadDataset({ data: join(folder, 'data') })
    const subsetOf = async (seed: number) => {
      const run = await prepare(join(folder, `seed-${seed}`), data, { limit: 30, seed, recipe })
      return trainingSubset(data, (await openRun(run.directory)).record).train
    }
    const [one, other] = [await subsetOf(1), await subsetOf(2)]
    expect(one).toHaveLength(30)
    expect(new Set(Array.from(one, (index) => data.train.labels[index]))).toEqual(new Set([0, 1, 2]))
    expect(one).not.toEqual(other)
    expect([...one]).toEqual([...new Set(one)].sort((a, b) => a - b))
  })

  it('takes the first ones in runs of versions that did', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset, { limit: 5 })
    const { limitBy: _, ...older } = run.record
    await writeFile(join(run.directory, 'run.json'), JSON.stringify(older))
    const { record } = await openRun(run.directory)
    expect([...trainingSubset(dataset, record).train]).toEqual([0, 1, 2, 3, 4])
  })
})
