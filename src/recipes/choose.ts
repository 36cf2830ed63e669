/** Recipes as users name them: by a name, or from a file. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import { checkRecipe, explain, isRecipeName, namedRecipe } from './index.js'
import { type RecipeName, recipeNames } from './names.js'
import type { Recipe } from './recipe.js'

export interface ChosenRecipe {
  readonly name: string
  readonly recipe: Recipe
}

/** A recipe by its name, or from a JSON file: `{ "extends": "quick", "epochs": 5, ... }`. */
export async function chooseRecipe(nameOrFile: string, model: string): Promise<ChosenRecipe> {
  if (isRecipeName(nameOrFile)) return { name: nameOrFile, recipe: namedRecipe(nameOrFile, model) }
  if (!nameOrFile.endsWith('.json')) {
    throw new UsageError(
      mismatch('--recipe', `${recipeNames.join(', ')} or the path of a .json file`, nameOrFile),
    )
  }
  const { extends: base, ...changes } = await readRecipeFile(nameOrFile)
  const recipe = checkRecipe({ ...namedRecipe(base, model), ...changes }, nameOrFile)
  const name = nameOrFile.replace(/^.*[\\/]/, '').replace(/\.json$/, '')
  return { name, recipe }
}

async function readRecipeFile(file: string): Promise<{ extends: RecipeName; [key: string]: unknown }> {
  try {
    const schema = z.looseObject({ extends: z.enum(recipeNames).default('quick') })
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw new AtelierError(mismatch(file, 'a JSON object of recipe values', explain(error)))
  }
}
