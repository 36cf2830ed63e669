/** How a recorded run is done again. */
import { recipeNamesOf } from '../train/recipes/index.js'
import type { RunRecord } from '../train/run-folder.js'
import { keyOf } from './files.js'

/**
 * The command that trains it, by the seed, the recipe and what it changed of that. Other threads would change the
 * last bits.
 */
export function commandFor({
  model,
  recipeName,
  seed,
  settings,
  engine,
}: Pick<RunRecord, 'model' | 'recipeName' | 'seed' | 'settings' | 'engine'>): string {
  const known = recipeNamesOf(model).some((name) => name === recipeName)
  const changes = settings.map((setting) =>
    keyOf(setting) === 'epochs' ? `--epochs ${setting.slice('epochs='.length)}` : `--set ${setting}`,
  )
  const recipe = known ? recipeName : `${recipeName}.json`
  const command = `atelier train ${model} --recipe ${recipe} --seed ${seed}`
  return [command, ...changes, `--threads ${engine.threads}`].join(' ')
}
