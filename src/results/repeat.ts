/** How a recorded run is done again. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isCheckout } from '../core/checkout.js'
import { commandLine } from '../core/shell.js'
import { recipeNamesOf } from '../recipes/index.js'
import type { RunRecord } from '../runs/formats/record.js'
import { keyOf } from './files.js'

type Repeatable = Pick<
  RunRecord,
  'model' | 'recipeName' | 'seed' | 'settings' | 'maxSteps' | 'engine' | 'data'
>

/** The command that trains it, as pages write it. */
export const commandFor = (run: Repeatable): string => commandLine(['atelier', ...wordsFor(run)])

/**
 * The words of the command that trains it, by the seed, the recipe and what it changed of that. Other threads would
 * change the last bits.
 */
export function wordsFor({
  model,
  recipeName,
  seed,
  settings,
  maxSteps,
  engine,
  data,
}: Repeatable): readonly string[] {
  const known = recipeNamesOf(model).some((name) => name === recipeName)
  const changes = settings.flatMap((setting) =>
    keyOf(setting) === 'epochs' ? ['--epochs', setting.slice('epochs='.length)] : ['--set', setting],
  )
  const recipe = known ? recipeName : fileOf(recipeName)
  const command = ['train', model, '--recipe', recipe, '--seed', String(seed)]
  const steps = maxSteps === null ? [] : ['--max-steps', String(maxSteps)]
  const other = engine.name === 'native' ? [] : ['--engine', engine.name]
  const machine = [...other, '--threads', String(engine.threads)]
  const files = data.official ? [] : ['--data', data.directory]
  return [...command, ...changes, ...steps, ...machine, ...files]
}

/** A recipe's file: one of the examples, below the folder of work in a checkout, or one that its author has. */
function fileOf(recipeName: string): string {
  const example = `examples/${recipeName}.json`
  const kept = fileURLToPath(new URL(`../../${example}`, import.meta.url))
  if (!existsSync(kept)) return `${recipeName}.json`
  return isCheckout ? example : kept
}
