/** The flags that choose a recipe and change it, and what comes of them. */

import { Option } from 'commander'
import type { LoadedModel } from '../models/load.js'
import { recipeNames } from '../recipes/names.js'
import type { Recipe } from '../recipes/recipe.js'
import { option, wholeNumber } from './options.js'

export interface RecipeFlags {
  readonly recipe: string
  readonly set: readonly string[]
  readonly epochs?: number
  readonly batch?: number
  readonly lr?: number
  readonly precision?: 'auto' | 'f32' | 'bf16'
}

export const recipeOption = (): Option =>
  new Option('--recipe <name>', `${recipeNames.join(', ')}, or a .json file of recipe values`).default(
    'quick',
  )

export const setOption = (): Option =>
  new Option('--set <key=value>', 'change any value of the recipe, such as schedule.warmup=0.1; repeatable')
    .default([], 'none')
    .argParser((value: string, previous: readonly string[]) => [...previous, value])

export const batchOption = (): Option => option('--batch <n>', 'images a step', wholeNumber('--batch'))

export const seedOption = (): Option =>
  option('--seed <n>', 'seed of weights, order, dropout, augmentation', wholeNumber('--seed', { min: 0 }), 1)

/** The short flags are `--set` in other words. */
export function settingsOf({ set, epochs, batch, lr, precision }: RecipeFlags): string[] {
  const named = { epochs, batch, 'schedule.learningRate': lr, precision }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return [...set, ...given.map(([key, value]) => `${key}=${value}`)]
}

export interface ModelAndRecipe extends LoadedModel {
  readonly recipeName: string
  readonly recipe: Recipe
  /** Changes to the recipe, as `--set` would be given them. */
  readonly settings: readonly string[]
}

/** The model of that name or file, and its recipe as the flags want it. */
export async function chooseModelAndRecipe(
  model: string,
  recipe: string,
  settings: readonly string[],
): Promise<ModelAndRecipe> {
  const [{ loadModel }, { chooseRecipe }, { applySettings }] = await Promise.all([
    import('../models/load.js'),
    import('../recipes/choose.js'),
    import('../recipes/index.js'),
  ])
  const loaded = await loadModel(model)
  const chosen = await chooseRecipe(recipe, loaded.name)
  return { ...loaded, recipeName: chosen.name, recipe: applySettings(chosen.recipe, settings), settings }
}
