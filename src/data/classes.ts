/** The names of a data set's classes. */
import { basename, join } from 'node:path'
import { AtelierError, messageOf, mismatch, shown } from '../core/errors.js'
import { readText } from '../core/files.js'
import { parseJson } from '../core/json.js'

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
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new AtelierError(mismatch(path, 'a readable file', messageOf(error)))
  })
  return text === undefined ? undefined : parseClasses(text, path)
}

const [digits, capitals, small] = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz']
/** Small letters that EMNIST tells from capitals, in order. */
const unlike = 'abdefghnqrt'

/** EMNIST's classes (arXiv 1702.05373), by the names of its files; those of letters have the labels 1 to 26. */
const emnist: Readonly<Record<string, string>> = {
  'emnist-balanced': digits + capitals + unlike,
  'emnist-bymerge': digits + capitals + unlike,
  'emnist-byclass': digits + capitals + small,
  'emnist-letters': capitals,
  'emnist-digits': digits,
  'emnist-mnist': digits,
}

/** The classes of a set that its files' names tell; undefined where they do not. */
export function classesByName(directory: string): readonly string[] | undefined {
  const names = emnist[basename(directory)]
  return names === undefined ? undefined : [...names]
}

/** The least and the largest label. */
export function labelRange(...splits: readonly Uint8Array[]): { least: number; largest: number } {
  let [least, largest] = [255, 0]
  for (const labels of splits) {
    for (const label of labels) {
      least = Math.min(least, label)
      largest = Math.max(largest, label)
    }
  }
  return { least, largest }
}

/** "0", "1" and so on, as many as the labels need. */
export function unnamedClasses(...splits: readonly Uint8Array[]): readonly string[] {
  const { largest } = labelRange(...splits)
  return Array.from({ length: Math.min(largest + 1, MOST_UNNAMED) }, (_, label) => String(label))
}

const EXPECTED = 'a JSON array of 1 to 256 different names, in the order of the labels'

function parseClasses(text: string, path: string): readonly string[] {
  return parseJson(path, text, EXPECTED, (names) => {
    if (!Array.isArray(names)) throw new AtelierError(shown(names))
    if (names.length === 0 || names.length > 256) throw new AtelierError(`${names.length} names`)
    const wrong = names.findIndex(
      (name, index) => typeof name !== 'string' || name.trim() === '' || names.indexOf(name) !== index,
    )
    if (wrong >= 0) throw new AtelierError(`${shown(names[wrong])} as name ${wrong}`)
    return names as string[]
  })
}
