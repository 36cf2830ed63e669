import { describe, expect, it } from 'vitest'
import { runRecord } from '../../test/support/records.js'
import { AtelierError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { modelNames } from '../models/names.js'
import { namedRecipe } from '../recipes/index.js'
import type { Recipe } from '../recipes/recipe.js'
import type { RunRecord } from '../runs/formats/record.js'
import { checkRecordable } from './recordable.js'

const check = (changes: Partial<RunRecord>, recipe?: Partial<Recipe>) => () =>
  checkRecordable('runs/a', runRecord(changes, recipe))

describe('a run counts as a result', () => {
  it('by a recipe as it is, but for epochs and held-out images', () => {
    expect(check({})).not.toThrow()
    expect(check({ settings: ['epochs=40', 'holdOut=5000'] }, { holdOut: 5000 })).not.toThrow()
  })

  it('by settings that lead to the values of the recipe', () => {
    const { batch } = runRecord().recipe
    expect(check({ settings: [`batch=${batch}`, 'epochs=40'] })).not.toThrow()
  })

  it('by another teacher where images are held out, which that of the recipe has learned from', () => {
    const run = { model: 'resnet50', recipeName: 'long' } as const
    const long = namedRecipe('long', 'resnet50')
    const teacher = { share: 0.9, ...long.teacher, model: 'runs/cnn-held-out' }
    const settings = ['holdOut=5000', 'teacher.model=runs/cnn-held-out']
    const recipe = { ...long, holdOut: 5000, teacher }
    expect(check({ ...run, settings, heldOutImages: 5000 }, recipe)).not.toThrow()
    const onAll = check({ ...run, settings: settings.slice(1), heldOutImages: 0 }, { ...recipe, holdOut: 0 })
    expect(onAll).toThrow(/values of the recipe long, received teacher\.model=/)
    const less = { ...recipe, teacher: { ...teacher, share: 0.1 } }
    expect(check({ ...run, settings, heldOutImages: 5000 }, less)).toThrow(/the recipe long as this version/)
  })

  it('by a recipe from a file, whose name tells that it is another', () => {
    expect(check({ recipeName: 'long', settings: [] }, { batch: 512 })).not.toThrow()
  })

  it.each<[string, Partial<RunRecord>, Partial<Recipe>, RegExp]>([
    [
      'another model',
      { model: 'tiny' },
      {},
      new RegExp(`^runs/a: expected a run of ${formatAlternatives(modelNames)}, received tiny`),
    ],
    ["a user's own cnn", { source: '/home/me/cnn.ts' }, {}, /received \/home\/me\/cnn\.ts/],
    [
      'other data',
      { data: { ...runRecord().data, official: false, directory: 'mine' } },
      {},
      /on the official data, received one on those in mine/,
    ],
    ['--limit', { limit: 100 }, {}, /on all images, received one with --limit 100/],
    ['--limit-batches', { limitBatches: 3 }, {}, /--limit-batches 3/],
    ['--max-steps', { maxSteps: 300 }, {}, /a run of whole epochs.*--max-steps 300/],
    ['--overfit-batches', { overfitBatches: 2 }, {}, /--overfit-batches 2/],
    [
      'changed values',
      { settings: ['batch=64', 'epochs=40'] },
      { batch: 64 },
      /values of the recipe published, received batch=64\. Give other values a name/,
    ],
    ['a recipe file under a name that is taken', {}, { batch: 64 }, /the recipe published as this version/],
    ['epochs changed by a file', { settings: [] }, {}, /the recipe published as this version/],
    ['a name that leads elsewhere', { recipeName: '..' }, {}, /named by letters/],
  ])('but not with %s', (_, changes, recipe, message) => {
    expect(check(changes, recipe)).toThrow(AtelierError)
    expect(check(changes, recipe)).toThrow(message)
  })
})
