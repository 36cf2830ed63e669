/** JSON that Atelier writes, in files of its own or inside others, checked on the way in: others may have changed it. */
import { AtelierError, mismatch } from './errors.js'
import { jsonFault } from './json-syntax.js'

/**
 * Parses the text of `place`, a file or a part of one; `read` makes of its JSON what it stands for, or throws.
 *
 * @throws AtelierError naming the place, what was expected in it and what is wrong.
 */
export function parseJson<T>(place: string, text: string, expected: string, read: (json: unknown) => T): T {
  const fail = (received: string, cause?: unknown): never => {
    throw new AtelierError(mismatch(place, expected, received), { cause })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return fail(`text that is not JSON (${jsonFault(text) ?? 'too much of it'})`, error)
  }
  try {
    return read(json)
  } catch (error) {
    if (error instanceof AtelierError) return fail(error.message, error)
    // The stack's end.
    if (error instanceof RangeError) return fail('JSON that is nested too deeply', error)
    throw error
  }
}
