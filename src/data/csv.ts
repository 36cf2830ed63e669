/**
 * The CSV form of Fashion-MNIST: a header `label,pixel1,...,pixelN`, then one image a row, all integers of
 * 0 to 255. Read by bytes: a general CSV parser needs ten times as long for the 47 million fields.
 */
import { createHash } from 'node:crypto'
import { AtelierError, mismatch } from '../core/errors.js'
import { decompressed } from './read.js'

export interface CsvFile {
  readonly count: number
  /** Height and width: N is a square. */
  readonly side: number
  /** count x side x side bytes, row after row, on shared memory. */
  readonly images: Uint8Array<SharedArrayBuffer>
  readonly labels: Uint8Array<SharedArrayBuffer>
  /** SHA-256 of the file. */
  readonly checksum: string
}

const NEWLINE = 10
const CARRIAGE_RETURN = 13
const COMMA = 44
const ZERO = 48
/** A line longer than this is no line of this format: 4 bytes a field, 65,535 pixels. */
const LONGEST_LINE = 1 << 18

/** @throws AtelierError naming the file, the line, the column, what was expected and what was received. */
export async function readCsv(path: string): Promise<CsvFile> {
  return decodeCsv(decompressed(path), path)
}

/** Decodes a stream of CSV bytes; `file` names it in errors. */
export async function decodeCsv(chunks: AsyncIterable<Uint8Array>, file: string): Promise<CsvFile> {
  const hash = createHash('sha256')
  const rows = new Rows(file)
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    hash.update(chunk)
    const bytes: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      rows.add(bytes, start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > LONGEST_LINE) rows.failNext('length', `at most ${LONGEST_LINE} bytes`, 'more')
  }
  if (rest.length > 0) rows.add(rest, 0, rest.length)
  return { ...rows.finish(), checksum: hash.digest('hex') }
}

/** Collects rows; the store doubles as it fills, since the number of rows is only known at the end. */
class Rows {
  private line = 0
  private side = 0
  private count = 0
  private blankLine = 0
  private fields = new Uint8Array(1 << 16)

  constructor(private readonly file: string) {}

  /** One line: the bytes of `bytes` from `start` to before `end`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.line++
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--
    if (end === start) {
      this.blankLine ||= this.line
      return
    }
    if (this.blankLine > 0) {
      this.line = this.blankLine
      this.fail('content', 'a row', 'an empty line', 'Empty lines are allowed at the end only')
    }
    if (this.line === 1) this.side = this.parseHeader(Buffer.from(bytes.subarray(start, end)).toString())
    else this.parseRow(bytes, start, end)
  }

  finish(): Omit<CsvFile, 'checksum'> {
    const { count, side } = this
    if (count === 0) this.failNext('content', 'a header and at least one row', 'the end of the file')
    const pixels = side * side
    const images = new Uint8Array(new SharedArrayBuffer(count * pixels))
    const labels = new Uint8Array(new SharedArrayBuffer(count))
    for (let row = 0; row < count; row++) {
      const from = row * (pixels + 1)
      labels[row] = this.fields[from] as number
      images.set(this.fields.subarray(from + 1, from + 1 + pixels), row * pixels)
    }
    return { count, side, images, labels }
  }

  /** Fails on the line that would come next. */
  failNext(field: string, expected: string, received: string): never {
    this.line++
    return this.fail(field, expected, received)
  }

  private fail(field: string, expected: string, received: string, hint?: string): never {
    throw new AtelierError(mismatch(`${this.file}, line ${this.line}, ${field}`, expected, received, hint))
  }

  private parseHeader(text: string): number {
    const names = text.replace(/^\uFEFF/, '').split(',')
    if (names[0] !== 'label') {
      this.fail('header', 'label,pixel1,pixel2,...', shorten(text), 'The first line names the columns')
    }
    const side = Math.sqrt(names.length - 1)
    if (!Number.isInteger(side) || side === 0) {
      const expected = 'a label and the pixels of a square image (785 for 28 x 28)'
      this.fail('number of columns', expected, String(names.length))
    }
    const wrong = names.findIndex((name, column) => column > 0 && name !== `pixel${column}`)
    if (wrong > 0) this.fail(`name of column ${wrong + 1}`, `pixel${wrong}`, shorten(names[wrong] as string))
    return side
  }

  private parseRow(bytes: Uint8Array, start: number, end: number): void {
    const columns = this.side * this.side + 1
    this.reserve((this.count + 1) * columns)
    const { fields } = this
    const base = this.count * columns
    let column = 0
    let value = 0
    let digits = 0
    for (let at = start; at <= end; at++) {
      const byte = at < end ? (bytes[at] as number) : COMMA
      const digit = byte - ZERO
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit
        digits++
      } else if (byte === COMMA && digits > 0 && value <= 255 && column < columns) {
        fields[base + column++] = value
        value = 0
        digits = 0
      } else {
        this.failRow(Buffer.from(bytes.subarray(start, end)).toString(), columns)
      }
    }
    if (column !== columns) this.failRow(Buffer.from(bytes.subarray(start, end)).toString(), columns)
    this.count++
  }

  private failRow(text: string, columns: number): never {
    const values = text.split(',')
    if (values.length !== columns) {
      this.fail('number of columns', `${columns} as in the header`, String(values.length))
    }
    const wrong = values.findIndex((value) => !/^\d+$/.test(value) || Number(value) > 255)
    const name = wrong === 0 ? 'label' : `pixel${wrong}`
    this.fail(name, 'an integer of 0 to 255', shorten(values[wrong] as string))
  }

  private reserve(length: number): void {
    if (length <= this.fields.length) return
    const grown = new Uint8Array(Math.max(length, this.fields.length * 2))
    grown.set(this.fields)
    this.fields = grown
  }
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text)
}
