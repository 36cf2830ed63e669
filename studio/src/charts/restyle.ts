/** The options of plots, which reports and studio share, in the page's colours and in the reader's language. */
import { colors } from '../../../src/page/theme.js'

const dark = new Map<string, string>(Object.values(colors).map((shade) => [shade.light, shade.dark]))

/** Plots are in light colours, none of which stands for two things. */
export const darkened = (text: string): string => dark.get(text) ?? text

/** A copy with every text of it replaced; functions and numbers stay. */
export function restyle<T>(value: T, replace: (text: string) => string): T {
  return restyled(value, replace) as T
}

function restyled(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((item) => restyled(item, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restyled(item, replace)]))
}
