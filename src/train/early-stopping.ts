/** Which epoch of a training did best on the images held out, and when a better one is no longer waited for. */
import type { Recipe } from '../recipes/recipe.js'
import type { EpochRow } from '../runs/formats/history.js'

type Watching = Pick<Recipe, 'earlyStopping'>

/** The higher the better; of equals the first is best. A figure that is not there, or no number, is worse than any. */
function scoreOf({ val_accuracy, val_loss }: EpochRow, { earlyStopping }: Watching): number {
  const score = earlyStopping?.monitor === 'loss' ? -(val_loss ?? Number.NaN) : (val_accuracy ?? Number.NaN)
  return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score
}

/** The place of the best epoch: by its validation accuracy, unless the recipe watches the loss; null without any. */
export function bestEpochOf(history: readonly EpochRow[], recipe: Watching): number | null {
  let best: number | null = null
  let highest = Number.NEGATIVE_INFINITY
  history.forEach((row, place) => {
    const score = scoreOf(row, recipe)
    if (score > highest) [best, highest] = [place, score]
  })
  return best
}

/** Whether the last `patience` epochs have brought none that is better than all before them. */
export function isExhausted(history: readonly EpochRow[], recipe: Watching): boolean {
  if (recipe.earlyStopping === null) return false
  return history.length - 1 - (bestEpochOf(history, recipe) ?? -1) >= recipe.earlyStopping.patience
}

/** The epoch whose weights a finished training has: the last one, or the best where the recipe restores it. */
export function keptEpochOf(history: readonly EpochRow[], recipe: Watching): EpochRow | undefined {
  const place = recipe.earlyStopping?.restoreBest ? bestEpochOf(history, recipe) : null
  return place === null ? history.at(-1) : history[place]
}
