/** Which runs count as results: those that anyone can repeat by the name of their recipe. */
import { isDeepStrictEqual } from 'node:util'
import { AtelierError, mismatch } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { isModelName, modelNames } from '../models/names.js'
import { namedRecipe, recipeNamesOf } from '../recipes/index.js'
import { type Recipe, recipeSchema } from '../recipes/recipe.js'
import type { RunRecord } from '../runs/formats/record.js'
import { keyOf } from './files.js'

/** The values of a recipe that a run may change and still count: they are said beside its figures. */
const changeable = ['epochs', 'holdOut']
/** With images held out the teacher has to be one that held them out, too. */
export const HELD_OUT_CHANGES = ['holdOut', 'teacher.model']

/** @throws AtelierError for another model, other data, less of them, and a recipe that is not what its name says. */
export function checkRecordable(directory: string, record: RunRecord): void {
  const fail = (expected: string, received: string, hint?: string): never => {
    throw new AtelierError(mismatch(directory, expected, received, hint))
  }
  const { model, source, data, recipeName, settings } = record
  if (source !== null || !isModelName(model))
    fail(`a run of ${formatAlternatives(modelNames)}`, source ?? model)
  if (!data.official) fail('a run on the official data', `one on those in ${data.directory}`)
  const limits = {
    limit: record.limit,
    'limit-batches': record.limitBatches,
    'overfit-batches': record.overfitBatches,
  }
  if (record.maxSteps !== null) fail('a run of whole epochs', `one with --max-steps ${record.maxSteps}`)
  for (const [flag, value] of Object.entries(limits)) {
    if (value !== null) fail('a run on all images', `one with --${flag} ${value}`)
  }
  if (!/^\w[\w.-]*$/.test(recipeName)) fail('a recipe named by letters, digits, dots and hyphens', recipeName)
  const own = ownRecipe(record)
  const mayChange = record.heldOutImages > 0 ? [...changeable, ...HELD_OUT_CHANGES] : changeable
  const isChangeable = (setting: string) => mayChange.includes(keyOf(setting))
  // Settings that lead to the recipe's own values change nothing: a search may have found them before they had a name.
  if (own !== null && sameRecipe(own, record.recipe, settings.filter(isChangeable).map(keyOf))) return
  const changed = settings.filter((setting) => !isChangeable(setting))
  const hint = 'Give other values a name of their own: --recipe NAME.json'
  if (changed.length > 0) fail(`the values of the recipe ${recipeName}`, changed.join(', '), hint)
  if (own !== null) fail(`the recipe ${recipeName} as this version of Atelier has it`, 'other values', hint)
}

/** The recipe of that name as it is now; null for one that came from a file. */
export function ownRecipe({ model, recipeName }: Pick<RunRecord, 'model' | 'recipeName'>): Recipe | null {
  const name = recipeNamesOf(model).find((known) => known === recipeName)
  return name === undefined ? null : recipeSchema.parse(namedRecipe(name, model))
}

/** Of a run that was cut short, or went on longer than its recipe: both numbers of epochs; null for others. */
export function otherEpochs(run: RunRecord): { readonly trained: number; readonly own: number } | null {
  const own = ownRecipe(run)
  if (own === null || own.epochs === run.recipe.epochs) return null
  return { trained: run.recipe.epochs, own: own.epochs }
}

/** Whether two recipes have the same values, but for those of some keys, as `--set` takes them. */
export function sameRecipe(first: Recipe, second: Recipe, except: readonly string[]): boolean {
  const rest = (recipe: Recipe) => valuesOf(recipe).filter(([key]) => !except.includes(key))
  return isDeepStrictEqual(Object.fromEntries(rest(first)), Object.fromEntries(rest(second)))
}

/** Every value that is no object, by its key with dots. */
function valuesOf(value: unknown, key = ''): [key: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]]
  return Object.entries(value).flatMap(([name, inner]) =>
    valuesOf(inner, key === '' ? name : `${key}.${name}`),
  )
}
