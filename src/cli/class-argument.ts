/** A class as the command line names it. */
import { mismatch, UsageError } from '../core/errors.js'
import { closest } from '../core/suggest.js'

/** The index of a class given by its name, in any case, or by its index. */
export function classIndexOf(text: string, classes: readonly string[]): number {
  const wanted = text.trim().toLowerCase()
  const named = classes.findIndex((name) => name.toLowerCase() === wanted)
  if (named >= 0) return named
  const index = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN
  if (index < classes.length) return index
  const near = closest(text, classes)
  const hint = near ? `Did you mean ${near}?` : `They are ${classes.join(', ')}`
  throw new UsageError(mismatch('--class', `a class or an index from 0 to ${classes.length - 1}`, text, hint))
}
