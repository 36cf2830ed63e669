/** A recipe's values by their keys, as `--set` has them. Pure. */
import type { Recipe } from '../../../../src/train/recipe.js'

/** The value at a key such as schedule.learningRate; undefined where a part of the way is null or missing. */
export function valueAt(recipe: Recipe, key: string): unknown {
  return key.split('.').reduce<unknown>((value, part) => {
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)[part]
      : undefined
  }, recipe)
}

/** As a field shows it, and as it can be typed again. */
export function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `key=value` of what differs from the recipe; an emptied field counts as the recipe's own value. */
export function changesOf(recipe: Recipe, typed: ReadonlyMap<string, string>): string[] {
  return Array.from(typed)
    .filter(([key, text]) => text.trim() !== '' && text.trim() !== textOf(valueAt(recipe, key)))
    .map(([key, text]) => `${key}=${text.trim()}`)
}
