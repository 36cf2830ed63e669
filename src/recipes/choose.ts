/** Recipes as users name them: by a name, or from a file. */
import { z } from 'zod'
import { AtelierError, messageOf, mismatch, UsageError } from '../core/errors.js'
import { readText } from '../core/files.js'
import { parseJson } from '../core/json.js'
import { parseBy } from '../core/schema.js'
import { checkRecipe, isRecipeName, namedRecipe } from './index.js'
import { recipeNames } from './names.js'
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

const recipeFile = z.looseObject({ extends: z.enum(recipeNames).default('quick') })

async function readRecipeFile(file: string): Promise<z.infer<typeof recipeFile>> {
  const text = await readText(file).catch((error: unknown) => {
    throw new AtelierError(mismatch(file, 'a readable file', messageOf(error)))
  })
  return parseJson(file, text, 'a JSON object of recipe values', (json) => parseBy(recipeFile, json))
}
