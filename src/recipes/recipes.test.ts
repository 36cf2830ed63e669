import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { UsageError } from '../core/errors.js'
import { modelNames } from '../models/names.js'
import { chooseRecipe } from './choose.js'
import { applySettings, namedRecipe, recipeNamesOf } from './index.js'
import { recipeSchema } from './recipe.js'

describe('recipes', () => {
  it.each(modelNames)('of %s are what the schema says', (model) => {
    for (const name of recipeNamesOf(model)) {
      const recipe = namedRecipe(name, model)
      expect(recipeSchema.parse(recipe)).toEqual(recipe)
    }
  })

  it('are taken from a file, over the one that it extends', async () => {
    const file = join(await temporaryFolder(), 'long.json')
    await writeFile(file, JSON.stringify({ extends: 'published', epochs: 3 }))
    const { name, recipe } = await chooseRecipe(file, 'nn')
    expect(name).toBe('long')
    expect(recipe).toEqual({ ...namedRecipe('published', 'nn'), epochs: 3 })
  })

  it('are refused with the value that is wrong', async () => {
    const file = join(await temporaryFolder(), 'wrong.json')
    await writeFile(file, `\uFEFF${JSON.stringify({ epochs: 7 }, null, 2).replaceAll('\n', '\r\n')}`)
    expect((await chooseRecipe(file, 'nn')).recipe.epochs).toBe(7)
    await writeFile(file, JSON.stringify({ epochs: 'many' }))
    await expect(chooseRecipe(file, 'nn')).rejects.toThrow(/epochs: expected a number, received "many"/)
    await expect(chooseRecipe('slow', 'nn')).rejects.toThrow(
      /--recipe: expected quick, published, tuned, long or the path/,
    )
    await expect(chooseRecipe('published', 'tiny')).rejects.toThrow(UsageError)
  })
})

describe('--set', () => {
  const { nn } = { nn: namedRecipe('quick', 'nn') }

  it('reaches nested values and whole objects', () => {
    const changed = applySettings(nn, [
      'schedule.learningRate=0.5',
      'optimizer.weightDecay=0',
      'precision=f32',
    ])
    expect(changed.schedule.learningRate).toBe(0.5)
    expect(changed.optimizer.weightDecay).toBe(0)
    expect(changed.precision).toBe('f32')
    expect(nn.precision).toBe('auto')
    const augmentation = { affine: null, translate: 2, horizontalFlip: 'none', verticalFlip: 0, erase: null }
    expect(applySettings(nn, [`augmentation=${JSON.stringify(augmentation)}`]).augmentation).toEqual({
      ...augmentation,
      translateUntil: 1,
      paste: null,
    })
  })

  it('says how an inner value is given where there is nothing around it', () => {
    const { cnn } = { cnn: namedRecipe('quick', 'cnn') }
    const message = /Give augmentation.erase whole, as JSON: --set 'augmentation.erase={...}'/
    expect(() => applySettings(cnn, ['augmentation.erase.probability=0.5'])).toThrow(message)
  })

  it.each([
    ['epochs', /expected key=value/],
    ['epoch=3', /expected one of .*epochs, batch/],
    ['epochs=0', /epochs: /],
    ['epochs=1.5', /epochs: /],
    ['augmentation.translate=2', /Give augmentation whole/],
    ['holdOut=5000.5', /holdOut: expected a share below 1 or a whole number/],
    ['batch=100000', /batch: /],
    ['schedule.restart=1', /schedule.restart: /],
    ['schedule.restart=[0.5,0.5]', /schedule.restart: .*rising shares/],
    ['optimizer.kind=rmsprop', /optimizer/],
  ])('%s is refused', (setting, message) => {
    expect(() => applySettings(nn, [setting])).toThrow(UsageError)
    expect(() => applySettings(nn, [setting])).toThrow(message)
  })
})
