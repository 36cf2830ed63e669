/** The names of a data set's classes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'

/** The ten classes of Fashion-MNIST, in the order of their labels. */
export const FASHION_CLASSES: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]

/** Higher labels need a `classes.json`: without one they are far likelier to be a damaged file. */
const MOST_UNNAMED = 10

/**
 * The names in the folder's `classes.json`, undefined where there is no such file.
 *
 * @throws AtelierError when it is not an array of different strings.
 */
export async function readClasses(directory: string): Promise<readonly string[] | undefined> {
  const path = join(directory, 'classes.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new AtelierError(mismatch(path, 'a readable file', messageOf(error)))
  })
  return text === undefined ? undefined : parseClasses(text, path)
}

/** "0", "1" and so on, as many as the labels need. */
export function unnamedClasses(...splits: readonly Uint8Array[]): readonly string[] {
  let largest = 0
  for (const labels of splits) for (const label of labels) largest = Math.max(largest, label)
  return Array.from({ length: Math.min(largest + 1, MOST_UNNAMED) }, (_, label) => String(label))
}

function parseClasses(text: string, path: string): readonly string[] {
  const fail = (received: string): never => {
    const expected = 'a JSON array of 1 to 256 different names, in the order of the labels'
    throw new AtelierError(mismatch(path, expected, received))
  }
  let names: unknown
  try {
    names = JSON.parse(text)
  } catch (error) {
    return fail(`text that is not JSON (${messageOf(error)})`)
  }
  if (!Array.isArray(names)) return fail(names === null ? 'null' : `a value of type ${typeof names}`)
  if (names.length === 0 || names.length > 256) fail(`${names.length} names`)
  const wrong = names.findIndex(
    (name, index) => typeof name !== 'string' || name.trim() === '' || names.indexOf(name) !== index,
  )
  if (wrong >= 0) fail(`${JSON.stringify(names[wrong])} as name ${wrong}`)
  return names as string[]
}
