/** JSON files that Atelier writes, checked on the way in: others may have changed them. */
import { z } from 'zod'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'

/**
 * Parses the text of a file; `read` makes of its JSON what it stands for, or throws.
 *
 * @throws AtelierError naming the file, what was expected in it and what is wrong.
 */
export function parseJsonFile<T>(
  file: string,
  text: string,
  expected: string,
  read: (json: unknown) => T,
): T {
  try {
    return read(JSON.parse(text))
  } catch (error) {
    const received =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : messageOf(error)
    throw new AtelierError(mismatch(file, expected, received))
  }
}
