/**
 * The same seed gives the same bits, however many steps go to the engine in one call, which the clock decides, and
 * wherever a training is stopped and resumed.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/data/dataset.js'
import type { Engine } from '../../src/engine/engine.js'
import { batchNormalization, conv2d, dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { nn } from '../../src/models/nn.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { openRun, pathIn, type RunFolder } from '../../src/runs/run-folder.js'
import { writeWeights } from '../../src/runs/weights.js'
import { initializeWeights } from '../../src/train/initialize.js'
import { prepareRun, type RunRequest } from '../../src/train/prepare.js'
import { trainRun } from '../../src/train/train-run.js'
import { temporaryFolder } from '../support/folder.js'
import { writeDataset } from '../support/idx.js'
import { stopAfter } from '../support/small-training.js'
import { candidates } from './engines.js'

const student = sequential(
  'student',
  input(28, 28, 1),
  conv2d(8, 5, { strides: 4, activation: 'relu' }),
  batchNormalization(),
  flatten(),
  dense(48, { activation: 'relu' }),
  dense(10),
)

const translated: Recipe['augmentation'] = {
  affine: null,
  translate: 2,
  translateUntil: 1,
  horizontalFlip: 'random',
  verticalFlip: 0,
  erase: { probability: 0.5, area: [0.02, 0.2], aspect: 3, fill: 'noise' },
  paste: { probability: 0.5, area: [0.1, 0.5], aspect: 3, after: 0.5 },
}
/** What interpolates gives f32. */
const turned: Recipe['augmentation'] = {
  ...translated,
  affine: { rotation: 10, zoom: [0.9, 1.1], shear: 5, shift: 0.1 },
}
const augmentations: readonly (readonly [string, Recipe['augmentation']])[] = [
  ['bytes', translated],
  ['f32', turned],
]

const IMAGES = 1100
const HELD_OUT = 60
/** Ten whole steps an epoch and a smaller one. */
const LIMIT = 1001
const BATCH = 96

async function setUp(engine: Engine, augmentation: Recipe['augmentation']) {
  const folder = await temporaryFolder()
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: IMAGES, testCount: 10 })
  const dataset = await loadDataset({ data })
  const quick = {
    ...namedRecipe('quick', 'student'),
    batch: BATCH,
    epochs: 2,
    holdOut: HELD_OUT,
    precision: 'auto',
  }
  const prepare = (name: string, changes: Pick<RunRequest, 'graph' | 'recipe'>): Promise<RunFolder> =>
    prepareRun({
      directory: join(folder, name),
      model: changes.graph.name,
      source: null,
      recipeName: 'quick',
      settings: [],
      seed: 1,
      limit: LIMIT,
      dataset,
      engine,
      ...changes,
    })
  const teacher = await prepare('teacher', { graph: nn(), recipe: quick as Recipe })
  await writeWeights(teacher, 'model', initializeWeights(teacher.graph, 2))
  const recipe = {
    ...(quick as Recipe),
    augmentation,
    dropout: 0.3,
    average: 0.9,
    reestimate: 5,
    teacher: { model: teacher.directory, share: 0.5 },
  }
  return { dataset, student: (name: string) => prepare(name, { graph: student, recipe }) }
}

/** All that a training leaves but its times: what its files of weights hash to, and its history. */
async function left(run: RunFolder) {
  const hashes = (['model', 'best'] as const).map(async (file) =>
    createHash('sha256')
      .update(await readFile(pathIn(run, file)))
      .digest('hex'),
  )
  const history = await readFile(pathIn(run, 'history'), 'utf8')
  expect(history).toMatch(/^epoch,.*,images_per_second,seconds\n/)
  const rows = history.split('\n').map((line) => line.split(',').slice(0, -2).join())
  return { weights: await Promise.all(hashes), rows }
}

for (const { label, engine } of candidates) {
  describe.skipIf(engine === null)(`a training on the ${label}`, () => {
    it.each(augmentations)(
      'on augmented images in %s has the same bits in chunks of any size',
      async (_, augmentation) => {
        const { dataset, student } = await setUp(engine as Engine, augmentation)
        const trained = async (chunkSteps: number) => {
          const run = await student(`chunks-of-${chunkSteps}`)
          await trainRun({ run, dataset, engine: engine as Engine, chunkSteps })
          return left(run)
        }
        const one = await trained(1)
        expect(await trained(4)).toEqual(one)
        expect(await trained(1000)).toEqual(one)
      },
    )

    it.each([2, 8])('has them when it was stopped after chunk %d', async (chunks) => {
      const { dataset, student } = await setUp(engine as Engine, translated)
      const [whole, stopped] = [await student('whole'), await student('stopped')]
      const options = { dataset, engine: engine as Engine }
      await trainRun({ run: whole, ...options, chunkSteps: 1000 })
      await stopAfter(chunks, { run: stopped, ...options, chunkSteps: 2 })
      await trainRun({ run: await openRun(stopped.directory), ...options, chunkSteps: 3 })
      expect(await left(stopped)).toEqual(await left(whole))
    })
  })
}
