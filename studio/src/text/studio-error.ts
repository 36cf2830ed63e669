/** Errors that the studio words itself: a key and its values, which any language says, and a worker can send. */
import { errors as english } from './en/errors.js'

type Errors = typeof english
type ValuesOf<T> = T extends (...values: infer V) => string ? V : []

export type Problem = {
  [K in keyof Errors]: readonly [key: K, ...values: ValuesOf<Errors[K]>]
}[keyof Errors]

export class StudioError extends Error {
  readonly problem: Problem

  constructor(...problem: Problem) {
    super(wordsOf(problem, english))
    this.problem = problem
  }
}

/** What can be shown of an error; the browser's own speak its language. */
export function messageOf(error: unknown, errors: Errors): string {
  if (error instanceof StudioError) return wordsOf(error.problem, errors)
  return error instanceof Error ? error.message : String(error)
}

function wordsOf([key, ...values]: Problem, errors: Errors): string {
  const text = errors[key]
  // The type of a problem is what holds a key and its values together.
  return typeof text === 'string' ? text : (text as (...values: readonly unknown[]) => string)(...values)
}
