/** JSON that Atelier writes, in files of its own or inside others, checked on the way in: others may have changed it. */
import { z } from 'zod'
import { AtelierError, messageOf, mismatch } from './errors.js'

/**
 * Parses the text of `place`, a file or a part of one; `read` makes of its JSON what it stands for, or throws.
 *
 * @throws AtelierError naming the place, what was expected in it and what is wrong.
 */
export function parseJson<T>(place: string, text: string, expected: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text))
  } catch (error) {
    const received =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : messageOf(error)
    throw new AtelierError(mismatch(place, expected, received))
  }
}
