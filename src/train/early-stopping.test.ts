import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engine, prepare, recipe, setUp, stopAfter } from '../../test/support/small-training.js'
import { readSafetensors } from '../checkpoint/safetensors.js'
import { scoreRun } from '../evaluate/score.js'
import { applySettings, namedRecipe } from '../recipes/index.js'
import type { Recipe } from '../recipes/recipe.js'
import type { EpochRow } from '../runs/formats/history.js'
import { openRun, type RunFolder } from '../runs/run-folder.js'
import { bestEpochOf, isExhausted, keptEpochOf } from './early-stopping.js'
import { trainRun } from './train-run.js'

type Stopping = NonNullable<Recipe['earlyStopping']>

const stopping = (changes: Partial<Stopping> = {}): Pick<Recipe, 'earlyStopping'> => ({
  earlyStopping: { monitor: 'accuracy', patience: 2, restoreBest: true, ...changes },
})

/** Epochs of these validation accuracies; the losses fall as the accuracies rise. */
const epochs = (...accuracies: readonly (number | null)[]): EpochRow[] =>
  accuracies.map((val_accuracy, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy: 0.5,
    val_accuracy,
    val_loss: val_accuracy === null ? null : 1 - val_accuracy,
    learning_rate: 1e-3,
    images_per_second: 1,
    seconds: 1,
  }))

describe('early stopping', () => {
  it.each([
    [[0.5, 0.6, 0.7], 2, false],
    [[0.7, 0.6], 0, false],
    [[0.7, 0.6, 0.7], 0, true],
    [[0.5, 0.8, 0.7, 0.79], 1, true],
    [[null, null], null, true],
    [[], null, false],
  ])('of epochs with %j: the best is number %j, and it ends: %j', (accuracies, best, ends) => {
    for (const monitor of ['accuracy', 'loss'] as const) {
      expect(bestEpochOf(epochs(...accuracies), stopping({ monitor }))).toBe(best)
      expect(isExhausted(epochs(...accuracies), stopping({ monitor }))).toBe(ends)
    }
  })

  it('keeps the last epoch where it restores none', () => {
    const history = epochs(0.5, 0.8, 0.7)
    expect(keptEpochOf(history, stopping())?.epoch).toBe(2)
    expect(keptEpochOf(history, stopping({ restoreBest: false }))?.epoch).toBe(3)
    expect(keptEpochOf(history, { earlyStopping: null })?.epoch).toBe(3)
    expect(isExhausted(history, { earlyStopping: null })).toBe(false)
  })

  it('is a value of a recipe, and wants images held out', async () => {
    const set = ['earlyStopping={"monitor":"loss","patience":3,"restoreBest":true}', 'epochs=50']
    const watched = applySettings(namedRecipe('quick', 'nn'), set)
    expect(watched.earlyStopping).toEqual({ monitor: 'loss', patience: 3, restoreBest: true })
    const { folder, dataset } = await setUp()
    await expect(
      prepare(join(folder, 'run'), dataset, { recipe: { ...recipe, ...stopping() } }),
    ).rejects.toThrow(
      'earlyStopping: expected training images held out to watch, received none. Hold some out: --set holdOut=5000',
    )
  })
})

describe('a training that stops early', () => {
  /** Rates so high that the weights soon get no better. */
  const wild: Recipe = {
    ...{ ...recipe, ...stopping(), epochs: 60, holdOut: 0.2 },
    schedule: { ...recipe.schedule, learningRate: 0.3 },
  }
  const bytesOf = (run: RunFolder, file: string): Promise<Buffer> => readFile(join(run.directory, file))

  it('has the weights of its best epoch, with the figures that these were scored with', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset, { recipe: wild })
    const result = await trainRun({ run, dataset, engine })
    const { history } = result
    const best = bestEpochOf(history, wild) as number
    expect(history.length).toBe(best + 3)
    expect(history.length).toBeLessThan(60)
    const [model, kept] = await Promise.all(
      ['model', 'best'].map((name) => readSafetensors(join(run.directory, `${name}.safetensors`))),
    )
    expect(model?.tensors).toEqual(kept?.tensors)
    const { training } = await scoreRun(run, dataset, engine, result)
    expect(training).toMatchObject({
      epochs: history.length,
      validationAccuracy: history[best]?.val_accuracy,
      accuracy: history[best]?.accuracy,
    })
  })

  it('ends with its last weights where it restores none', async () => {
    const { folder, dataset } = await setUp()
    const without = { ...wild, ...stopping({ restoreBest: false }) }
    const run = await prepare(join(folder, 'run'), dataset, { recipe: without })
    const { history } = await trainRun({ run, dataset, engine })
    const same = await prepare(join(folder, 'same'), dataset, {
      recipe: { ...without, earlyStopping: null, epochs: history.length },
    })
    await trainRun({ run: same, dataset, engine })
    expect(await bytesOf(run, 'model.safetensors')).toEqual(await bytesOf(same, 'model.safetensors'))
  })

  it.each([1, 4, 9])('has the same bits when it is stopped after %d chunks and resumed', async (chunks) => {
    const { folder, dataset } = await setUp()
    const options = { recipe: wild }
    const whole = await prepare(join(folder, 'whole'), dataset, options)
    const { history } = await trainRun({ run: whole, dataset, engine, chunkSteps: 3 })
    const halted = await prepare(join(folder, 'halted'), dataset, options)
    await stopAfter(chunks, { run: halted, dataset, engine, chunkSteps: 3 })
    const resumed = await trainRun({ run: await openRun(halted.directory), dataset, engine })
    expect(resumed.history.map(({ val_loss }) => val_loss)).toEqual(history.map(({ val_loss }) => val_loss))
    // And once more, as one that was killed before it wrote its weights.
    expect((await trainRun({ run: halted, dataset, engine })).history).toEqual(resumed.history)
    for (const file of ['model.safetensors', 'best.safetensors']) {
      expect(existsSync(join(halted.directory, file))).toBe(true)
      expect(await bytesOf(halted, file)).toEqual(await bytesOf(whole, file))
    }
  })
})
