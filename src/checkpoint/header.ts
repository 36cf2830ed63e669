/** The header of a safetensors file: JSON that may come from anyone, so nothing in it is believed unchecked. */
import { AtelierError, mismatch, shown } from '../core/errors.js'
import { jsonFault } from '../core/json-syntax.js'
import { formatShape, type Shape, sizeOf } from '../core/shape.js'
import { dtypes, isStoredDType, type StoredDType } from './dtypes.js'

export interface Entry {
  readonly name: string
  readonly dtype: StoredDType
  readonly shape: Shape
  /** Bytes after the header. */
  readonly begin: number
  readonly end: number
}

export interface Header {
  /** In the order of the bytes. */
  readonly entries: readonly Entry[]
  readonly metadata: Readonly<Record<string, string>>
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the header's text. `dataBytes` is how many bytes follow it: the tensors have to cover them all, without
 * holes and without sharing any.
 *
 * @throws AtelierError naming the file, the field, what was expected and what was received.
 */
export function parseHeader(file: string, text: string, dataBytes: number): Header {
  const fail = (field: string, expected: string, received: string): never => {
    throw new AtelierError(mismatch(`${file}, ${field}`, expected, received))
  }
  try {
    return parse(text, dataBytes, fail)
  } catch (error) {
    // The stack's end, which deep nesting and endless strings come to.
    if (error instanceof RangeError)
      return fail('header', 'tensors by name', 'JSON that is nested too deeply or too long')
    throw error
  }
}

function parse(text: string, dataBytes: number, fail: Fail): Header {
  const { __metadata__: metadata = {}, ...tensors } = parseFields(text, fail)
  if (!isFields(metadata)) return fail('__metadata__', 'an object of strings', shown(metadata))
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') fail(`__metadata__ ${shown(key)}`, 'a string', shown(value))
  }
  const entries = Object.entries(tensors).map(([name, fields]) => parseEntry(name, fields, fail))
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { name, begin, end } of entries) {
    if (begin !== covered) fail(`data_offsets of ${shown(name)}`, `a begin at ${covered}`, String(begin))
    covered = end
  }
  if (covered !== dataBytes) fail('length of the data', `${covered} bytes by its header`, String(dataBytes))
  return { entries, metadata: metadata as Readonly<Record<string, string>> }
}

type Fail = (field: string, expected: string, received: string) => never

function parseFields(text: string, fail: Fail): Fields {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    return fail('header', 'JSON', jsonFault(text) ?? 'too much of it')
  }
  if (!isFields(header)) return fail('header', 'a JSON object', shown(header))
  const twice = repeatedKey(text)
  if (twice !== undefined) fail('header', 'every name once', `${shown(twice)} twice`)
  return header
}

function parseEntry(key: string, fields: unknown, fail: Fail): Entry {
  const name = shown(key)
  const { dtype, shape, data_offsets: offsets } = isFields(fields) ? fields : {}
  if (typeof dtype !== 'string' || !isStoredDType(dtype)) {
    return fail(`dtype of ${name}`, Object.keys(dtypes).join(', '), shown(dtype))
  }
  if (!areCounts(shape)) {
    return fail(`shape of ${name}`, 'an array of whole numbers', shown(shape))
  }
  const [begin, end] = areCounts(offsets) && offsets.length === 2 ? offsets : []
  if (begin === undefined || end === undefined || end < begin) {
    return fail(`data_offsets of ${name}`, 'a begin and an end after it', shown(offsets))
  }
  const bytes = sizeOf(shape) * dtypes[dtype].bytes
  if (end - begin !== bytes) {
    fail(`data_offsets of ${name}`, `${bytes} bytes (${dtype}, ${formatShape(shape)})`, String(end - begin))
  }
  return { name: key, dtype, shape, begin, end }
}

/** JSON.parse keeps the last of equal keys and says nothing: this walks over valid JSON and looks. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []
  for (const [, text, colon, bracket] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|([{}])/g)) {
    if (bracket === '{') open.push(new Set())
    else if (bracket === '}') open.pop()
    else if (colon !== undefined) {
      const key = JSON.parse(text as string) as string
      const keys = open.at(-1) as Set<string>
      if (keys.has(key)) return key
      keys.add(key)
    }
  }
  return undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}
