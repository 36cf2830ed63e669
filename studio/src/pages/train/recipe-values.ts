/** A recipe's values by their keys, as `--set` has them. Pure. */
import type { Recipe } from '../../../../src/recipes/recipe.js'

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

/** `key=value` of what differs from the recipe; an emptied field, or one it lacks, counts as the recipe's own. */
export function changesOf(recipe: Recipe, typed: ReadonlyMap<string, string>): string[] {
  return Array.from(typed, ([key, text]) => [key, text.trim()] as const)
    .filter(([key, text]) => {
      const own = valueAt(recipe, key)
      return own !== undefined && text !== '' && text !== textOf(own)
    })
    .map(([key, text]) => `${key}=${text}`)
}

/** What has been typed, by key, as the address holds it: `key=value;key=value`. */
export function typedIn(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').filter((pair) => pair.includes('='))
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

/** The reverse of `typedIn`. */
export const addressOf = (typed: ReadonlyMap<string, string>): string =>
  Array.from(typed, ([key, text]) => `${key}=${text.replaceAll(';', ',')}`).join(';')
