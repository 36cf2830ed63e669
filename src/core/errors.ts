/**
 * The errors a user is meant to read: what was expected, what was received, what to do.
 * The command line prints their message alone (a stack only with `--debug`).
 */

/** Something the user gave or the machine has is not as it must be. Exit code 1. */
export class AtelierError extends Error {
  override readonly name: string = 'AtelierError'
  readonly exitCode: number = 1
}

/** The command itself was wrong: an unknown name, a flag's value, a missing argument. Exit code 2. */
export class UsageError extends AtelierError {
  override readonly name = 'UsageError'
  override readonly exitCode = 2
}

/** One sentence in the house style: "SUBJECT: expected X, received Y. HINT". */
export function mismatch(subject: string, expected: string, received: string, hint?: string): string {
  return `${subject}: expected ${expected}, received ${received}${hint ? `. ${hint}` : ''}`
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
