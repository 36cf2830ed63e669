/** Recipes out of files and settings of the command line: right in part, by their schema, and damaged. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { z } from 'zod'
import { chooseRecipe } from '#atelier/recipes/choose.js'
import { applySettings, namedRecipe } from '#atelier/recipes/index.js'
import { type Recipe, recipeSchema } from '#atelier/recipes/recipe.js'
import { learningRateAt } from '#atelier/train/schedule.js'
import type { Random } from '../../bench/lib/random.js'
import { inFolder } from './in-folder.js'
import { below, mutateJson, oneOf, strange } from './mutate.js'
import type { Reader } from './reader.js'
import { oddText, type Schema, valueFor } from './values.js'

const [FILE, SETTINGS] = ['recipe.json', 'settings']
const schema = z.toJSONSchema(recipeSchema, { io: 'input' }) as Schema
const parts = Object.entries(schema.properties ?? {})

export function recipeReader(folder: string): Reader {
  const whole = namedRecipe('tuned', 'cnn')
  const seed = Buffer.from(JSON.stringify({ extends: 'quick', ...whole }))
  const paths = pathsOf(whole)
  const make = (random: Random) => {
    if (random() < 0.3) return { [FILE]: mutateJson(seed, random) }
    if (random() < 0.4) return { [SETTINGS]: Buffer.from(JSON.stringify(settingsFor(paths, random))) }
    const values = Array.from({ length: 1 + below(random, 3) }, () => {
      const [name, part] = oneOf(random, parts)
      return [name, drawn(valueFor(part), random)] as const
    })
    return { [FILE]: Buffer.from(JSON.stringify(Object.fromEntries(values))) }
  }
  return inFolder(folder, {}, { make, read: readRecipe })
}

async function readRecipe(directory: string): Promise<void> {
  const settings = await readFile(join(directory, SETTINGS), 'utf8').catch(() => null)
  const recipe =
    settings === null
      ? (await chooseRecipe(join(directory, FILE), 'cnn')).recipe
      : applySettings(namedRecipe('tuned', 'cnn'), JSON.parse(settings))
  checkRates(recipe)
}

/** What was taken has to work: every rate of its course is a number. */
function checkRates(recipe: Recipe): void {
  for (const step of [0, 1, 50, 99]) {
    const rate = learningRateAt(recipe, step, 100)
    if (!(Number.isFinite(rate) && rate >= 0)) throw new Error(`the rate of step ${step} is ${rate}`)
  }
}

const drawn = <T>(values: fc.Arbitrary<T>, random: Random): T =>
  fc.sample(values, { seed: below(random, 2 ** 31), numRuns: 1 })[0] as T

function settingsFor(paths: readonly string[], random: Random): string[] {
  return Array.from({ length: 1 + below(random, 2) }, () => {
    const path = random() < 0.2 ? drawn(oddText, random) : oneOf(random, paths)
    const value = oneOf(random, [...strange(), 'adam', '{', '[', true, 0.1, 3])
    return random() < 0.1 ? path : `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`
  })
}

/** Every place in a recipe, keys by dots. */
function pathsOf(value: unknown, above = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    `${above}${key}`,
    ...pathsOf(inner, `${above}${key}.`),
  ])
}
