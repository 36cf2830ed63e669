/**
 * The errors a user is meant to read: what was expected, what was received, what to do.
 * The command line prints their message alone (a stack only with `--debug`).
 */

/** Something the user gave or the machine has is not as it must be. Exit code 1. */
export class AtelierError extends Error {
  override readonly name: string = 'AtelierError'
  readonly exitCode: number = 1

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options)
  }
}

/** The command itself was wrong: an unknown name, a flag's value, a missing argument. Exit code 2. */
export class UsageError extends AtelierError {
  override readonly name = 'UsageError'
  override readonly exitCode = 2
}

/** A file's text or a whole setting may be what is wrong: so many characters of each part are told. */
const LONGEST_PART = 500

/** One sentence in the house style: "SUBJECT: expected X, received Y. HINT". */
export function mismatch(subject: string, expected: string, received: string, hint?: string): string {
  const [place, wanted, told] = [subject, expected, received].map((part) => cut(part, LONGEST_PART))
  return `${place}: expected ${wanted}, received ${told}${hint ? `. ${hint}` : ''}`
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A value out of a file or a request as errors tell it: JSON, cut short. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return String(value)
  try {
    return cut(JSON.stringify(value) ?? 'nothing', 80)
  } catch {
    // Nested more deeply than the stack reaches, or longer than a string may be.
    return Array.isArray(value) ? 'an array' : 'an object'
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text
}

/**
 * Control characters would steer the terminal, those of direction turn the line around, a byte order mark and halves
 * of characters cannot be seen: names and contents of files may hold any of them.
 */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
