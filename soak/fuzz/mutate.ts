/** Changes of valid files: of their bytes, of their JSON. */
import type { Random } from '../../bench/lib/random.js'

export type Mutate = (original: Buffer, random: Random) => Buffer

/** Objects and lists. */
type Tree = Record<string, unknown>

/** Values where lengths and counts go wrong. */
export const EDGES = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
]

export const below = (random: Random, limit: number) => Math.floor(random() * limit)
export const oneOf = <Item>(random: Random, list: readonly Item[]): Item => list[below(random, list.length)]!

/** One to eight changes of bytes: flipped bits, other values, edge values as numbers, pieces cut, doubled or moved. */
export function mutateBytes(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let change = below(random, 8); change >= 0; change--) bytes = changeOnce(bytes, random)
  return bytes
}

function changeOnce(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 2) return Buffer.from([below(random, 256), below(random, 256)])
  // Headers are short, and most of them is read before anything else: every fourth change is in the first 64 bytes.
  const place = below(random, random() < 0.25 ? Math.min(64, bytes.length) : bytes.length)
  const length = 1 + below(random, Math.min(64, bytes.length - place))
  const piece = bytes.subarray(place, place + length)
  switch (below(random, 8)) {
    case 0:
      bytes[place]! ^= 1 << below(random, 8)
      return bytes
    case 1:
      bytes[place] = below(random, 256)
      return bytes
    case 2:
      return writeNumber(bytes, place, random)
    case 3:
      return bytes.subarray(0, place)
    case 4:
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)])
    case 5:
      return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place)])
    case 6:
      piece.fill(below(random, 256))
      return bytes
    default:
      return Buffer.concat([bytes, Buffer.from(piece)])
  }
}

function writeNumber(bytes: Buffer, place: number, random: Random): Buffer {
  const width = oneOf(random, [2, 4])
  if (place + width > bytes.length) return bytes
  const value = oneOf(random, EDGES) % 2 ** (8 * width)
  if (random() < 0.5) bytes.writeUIntLE(value, place, width)
  else bytes.writeUIntBE(value, place, width)
  return bytes
}

/** Made anew each time, as lists and objects among them may be changed in turn. */
export const strange = (): unknown[] => [
  -1,
  0,
  1,
  8,
  23,
  25,
  2 ** 31,
  2 ** 53,
  1e300,
  0.5,
  null,
  '',
  '\u001b[2J',
  'x'.repeat(5000),
  'F32',
  [],
  {},
  [1, 2],
  true,
]

/** An object or a list. */
export const isTree = (value: unknown): value is Tree => value !== null && typeof value === 'object'

/** Puts another value somewhere in a tree of objects and lists, takes one away, or adds one. */
export function changeInside(tree: Tree, random: Random): void {
  let place = tree
  while (true) {
    const keys = Object.keys(place)
    if (keys.length === 0) return
    const key = oneOf(random, keys)
    const inner = place[key]
    if (isTree(inner) && Object.keys(inner).length > 0 && random() < 0.85) {
      place = inner
      continue
    }
    const change = below(random, 4)
    if (change === 0) delete place[key]
    else if (change === 1) place[oneOf(random, ['x', '__proto__', 'op', 'inputs', '0'])] = inner
    else place[key] = oneOf(random, strange())
    return
  }
}

/** Changes of a JSON text: of values inside, or of its bytes. */
export function mutateJson(original: Buffer, random: Random): Buffer {
  if (random() < 0.3) return mutateBytes(original, random)
  const value = JSON.parse(original.toString())
  for (let change = below(random, 3); change >= 0; change--) changeInside(value, random)
  return Buffer.from(JSON.stringify(value))
}

/** Changes of a text of lines and fields: fields of other kinds, lines doubled, cut and ended otherwise. */
export function mutateTable(original: Buffer, random: Random): Buffer {
  if (random() < 0.3) return mutateBytes(original, random)
  const rows = original
    .toString('latin1')
    .split('\n')
    .map((line) => line.split(','))
  for (let change = below(random, 3); change >= 0; change--) {
    const row = oneOf(random, rows)
    const column = below(random, row.length + 1)
    switch (below(random, 5)) {
      case 0:
        row.splice(column, 1)
        break
      case 1:
        rows.splice(below(random, rows.length), 0, [...row])
        break
      case 2:
        row.length = column
        break
      default:
        row[column] = oneOf(random, FIELDS)
    }
  }
  return Buffer.from(
    rows.map((row) => row.join(',')).join(oneOf(random, ['\n', '\n', '\r\n', '\r'])),
    'latin1',
  )
}

const FIELDS = [
  ...[
    '',
    ' ',
    '-1',
    '0.5',
    '256',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    '"1"',
    '"',
    '+1',
    ' 1',
    '1 ',
    '\u001b[2J',
  ],
  ...['\xef\xbb\xbf1', '\0', '9'.repeat(400), 'x'.repeat(5000), 'label', '__proto__', '1;2', '1\t2'],
]
