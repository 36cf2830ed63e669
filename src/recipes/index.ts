/** Recipes by name, with `--set` on top. */
import { mismatch, UsageError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { explain } from '../core/schema.js'
import { isModelName, isStudyName, type ModelName } from '../models/index.js'
import { long } from './long.js'
import { type RecipeName, recipeNames } from './names.js'
import { published } from './published.js'
import { quick, quickForAny } from './quick.js'
import { type Recipe, recipeSchema } from './recipe.js'
import { tuned } from './tuned.js'

export { recipeNames }

export const isRecipeName = (name: string): name is RecipeName =>
  (recipeNames as readonly string[]).includes(name)

/** The recipes of a model, by name; models of the user's own have `quick` alone. */
function recipesOf(model: string): Readonly<Partial<Record<RecipeName, Recipe>>> {
  if (!isModelName(model)) return { quick: quickForAny }
  const own: Partial<Record<ModelName, Recipe>> = long
  return {
    quick: quick[model],
    ...(isStudyName(model) && { published: published[model] }),
    tuned: tuned[model],
    ...(own[model] && { long: own[model] }),
  }
}

/** In the order of `recipeNames`. */
export function recipeNamesOf(model: string): readonly RecipeName[] {
  const recipes = recipesOf(model)
  return recipeNames.filter((name) => name in recipes)
}

/** @throws UsageError where the model has none of that name. */
export function namedRecipe(name: RecipeName, model: string): Recipe {
  const recipe = recipesOf(model)[name]
  if (recipe) return recipe
  const names = formatAlternatives([...recipeNamesOf(model), 'a recipe file'])
  throw new UsageError(mismatch('--recipe', `${names} for the model ${model}`, name))
}

/** `key=value` changes, keys by dots: `schedule.learningRate=1e-3`, values as JSON or plain words. */
export function applySettings(recipe: Recipe, settings: readonly string[]): Recipe {
  const changed = structuredClone(recipe) as unknown as Record<string, unknown>
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at <= 0)
      throw new UsageError(mismatch('--set', 'key=value, such as schedule.learningRate=1e-3', setting))
    setPath(changed, setting.slice(0, at).split('.'), parseValue(setting.slice(at + 1)), setting)
  }
  return checkRecipe(changed, '--set')
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function setPath(
  target: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
  setting: string,
  above = '',
): void {
  const [key = '', ...rest] = path
  const whole = `${above}${key}`
  if (!Object.hasOwn(target, key)) {
    throw new UsageError(mismatch(`--set ${setting}`, `one of ${Object.keys(target).join(', ')}`, key))
  }
  if (rest.length === 0) {
    target[key] = value
    return
  }
  const inner = target[key]
  if (typeof inner !== 'object' || inner === null) {
    const hint = `Give ${whole} whole, as JSON: --set '${whole}={...}'`
    throw new UsageError(mismatch(`--set ${setting}`, `an object at ${whole}`, JSON.stringify(inner), hint))
  }
  setPath(inner as Record<string, unknown>, rest, value, setting, `${whole}.`)
}

export function checkRecipe(values: unknown, source: string): Recipe {
  const result = recipeSchema.safeParse(values, { reportInput: true })
  if (result.success) return result.data
  throw new UsageError(mismatch(source, "a recipe's values", explain(result.error)))
}

/**
 * What is watched has to be there.
 *
 * @throws UsageError for early stopping without images held out.
 */
export function checkWatched({ earlyStopping }: Recipe, heldOut: number): void {
  if (earlyStopping === null || heldOut > 0) return
  const hint = 'Hold some out: --set holdOut=5000'
  throw new UsageError(mismatch('earlyStopping', 'training images held out to watch', 'none', hint))
}
