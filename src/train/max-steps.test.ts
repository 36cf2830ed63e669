import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engine, prepare, recipe, setUp, stopAfter } from '../../test/support/small-training.js'
import type { Recipe } from '../recipes/recipe.js'
import { lengthOf } from '../runs/formats/length.js'
import { openRun, type RunFolder } from '../runs/run-folder.js'
import type { RunRequest } from './prepare.js'
import { openTemporaryTraining } from './temporary.js'
import { trainRun } from './train-run.js'

const weightsOf = (run: RunFolder): Promise<Buffer> => readFile(join(run.directory, 'model.safetensors'))

const cosine: Recipe = { ...recipe, schedule: { ...recipe.schedule, kind: 'cosine', final: 0.1 } }

describe('the length of a training', () => {
  it.each([
    [{}, { stepsPerEpoch: 13, steps: 39, epochs: 3 }],
    [{ limitBatches: 4 }, { stepsPerEpoch: 4, steps: 12, epochs: 3 }],
    [{ maxSteps: 26 }, { stepsPerEpoch: 13, steps: 26, epochs: 2 }],
    [
      { maxSteps: 5, limitBatches: 10 },
      { stepsPerEpoch: 10, steps: 5, epochs: 0.5 },
    ],
  ])('with %o is %o', async (changes, length) => {
    const { folder, dataset } = await setUp()
    const { directory } = await prepare(join(folder, 'run'), dataset, changes)
    expect(lengthOf((await openRun(directory)).record)).toEqual(length)
  })
})

describe('a training of so many steps', () => {
  async function trained(name: string, changes: Partial<RunRequest>) {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, name), dataset, changes)
    return { run, dataset, ...(await trainRun({ run, dataset, engine })) }
  }

  it('ends within an epoch, which its last row tells, at the end of its schedule', async () => {
    const held = { ...cosine, holdOut: 0.2 }
    const { history } = await trained('run', { recipe: held, maxSteps: 24 })
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 2.4])
    expect(history[2]?.val_accuracy).toBeGreaterThanOrEqual(0)
    expect(history[2]?.learning_rate).toBeCloseTo(0.001, 10)
  })

  it.each([
    ['whole epochs', { maxSteps: 39 }, {}],
    ['the first steps of an epoch', { maxSteps: 5 }, { limitBatches: 5, recipe: { ...cosine, epochs: 1 } }],
  ])('of %s has the weights of one that is told so otherwise', async (_, steps, otherwise) => {
    const one = await trained('one', { recipe: cosine, ...steps })
    const other = await trained('other', { recipe: cosine, ...otherwise })
    expect(await weightsOf(one.run)).toEqual(await weightsOf(other.run))
  })

  it.each([1, 3])(
    'that is stopped after %d chunks and resumed has the weights of one that was not',
    async (chunks) => {
      const whole = await trained('whole', { recipe: cosine, maxSteps: 20 })
      const { folder, dataset } = await setUp()
      const halted = await prepare(join(folder, 'halted'), dataset, { recipe: cosine, maxSteps: 20 })
      await stopAfter(chunks, { run: halted, dataset, engine })
      const { history } = await trainRun({ run: await openRun(halted.directory), dataset, engine })
      expect(history.map(({ epoch }) => epoch)).toEqual([1, 20 / 13])
      expect(await weightsOf(halted)).toEqual(await weightsOf(whole.run))
      // And once more from its last checkpoint, as one that was killed before it wrote its weights.
      expect((await trainRun({ run: halted, dataset, engine })).history).toEqual(history)
      expect(await weightsOf(halted)).toEqual(await weightsOf(whole.run))
    },
  )

  it('augments by the epochs that it begins, not by those of its recipe', async () => {
    const moved = { affine: null, translate: 2, translateUntil: 0.5, horizontalFlip: 'none' } as const
    const augmented = { ...recipe, augmentation: { ...moved, verticalFlip: 0, erase: null, paste: null } }
    const some = await trained('some', { recipe: augmented, maxSteps: 40 })
    const whole = await trained('whole', { recipe: { ...augmented, epochs: 4 } })
    const losses = ({ history }: typeof some) => history.slice(0, 3).map(({ loss }) => loss)
    expect(losses(some)).toEqual(losses(whole))
  })
})

describe('a batch of more images than there are', () => {
  it('is a batch of all of them, in memory too', async () => {
    const { folder, dataset } = await setUp()
    const prepared = (batch: number) =>
      prepare(join(folder, `of-${batch}`), dataset, { recipe: { ...recipe, batch } })
    const [large, all] = await Promise.all([prepared(65_536), prepared(100)])
    const [one, other] = await Promise.all([large, all].map((run) => trainRun({ run, dataset, engine })))
    expect(one?.history.map(({ loss }) => loss)).toEqual(other?.history.map(({ loss }) => loss))
    expect(await weightsOf(large)).toEqual(await weightsOf(all))
    const of = { engine, graph: large.graph, recipe: large.record.recipe, dataset, seed: 1, chunkSteps: 1 }
    const training = await openTemporaryTraining({
      ...of,
      indices: Uint32Array.from({ length: 100 }, (_, i) => i),
    })
    expect(training.programs.plan.batch).toBe(100)
    await training.close()
  })
})
