/**
 * The IDX format of the MNIST family: two zero bytes, a type byte, the number of axes, each axis's extent as
 * a big-endian 32-bit integer, then the elements, last axis fastest.
 */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { AtelierError, mismatch } from '../core/errors.js'
import { formatShape, sizeOf } from '../core/shape.js'
import { decompressed } from './read.js'

export type IdxKind = 'images' | 'labels'

export interface IdxFile {
  /** [count, height, width] of images, [count] of labels. */
  readonly extents: readonly number[]
  /** The elements, on shared memory. */
  readonly data: Uint8Array<SharedArrayBuffer>
  /** SHA-256 of the decompressed file, header included. */
  readonly checksum: string
}

const RANK = { images: 3, labels: 1 } as const
const AXES = ['items', 'height', 'width']
const TYPES = new Map([
  [0x08, 'unsigned bytes (0x08)'],
  [0x09, 'signed bytes (0x09)'],
  [0x0b, '16-bit integers (0x0B)'],
  [0x0c, '32-bit integers (0x0C)'],
  [0x0d, '32-bit floats (0x0D)'],
  [0x0e, '64-bit floats (0x0E)'],
])

/**
 * Reads an IDX file of unsigned bytes, gzipped or plain.
 *
 * @throws AtelierError naming the file, the field, what was expected and what was received.
 */
export async function readIdx(path: string, kind: IdxKind): Promise<IdxFile> {
  return decodeIdx(decompressed(path), kind, path)
}

/** Decodes a stream of IDX bytes; `file` names it in errors. */
export async function decodeIdx(
  chunks: AsyncIterable<Uint8Array>,
  kind: IdxKind,
  file: string,
): Promise<IdxFile> {
  const hash = createHash('sha256')
  const headerBytes = 4 + 4 * RANK[kind]
  // Memory is taken for the bytes that came, not for those that a corrupt header may claim.
  let parts: Uint8Array[] = []
  let received = 0
  let extents: number[] | undefined
  for await (const chunk of chunks) {
    hash.update(chunk)
    parts.push(chunk)
    received += chunk.length
    if (extents === undefined && received >= headerBytes) {
      parts = [Buffer.concat(parts)]
      extents = parseIdxHeader(parts[0] as Uint8Array, kind, file)
    }
    if (extents !== undefined && received > headerBytes + sizeOf(extents)) {
      throw lengthError(file, extents, headerBytes, 'more', 'There are bytes after the last element')
    }
  }
  // A file shorter than its header fails here, by what is wrong with the bytes that are there.
  extents ??= parseIdxHeader(Buffer.concat(parts), kind, file)
  if (received < headerBytes + sizeOf(extents)) {
    throw lengthError(file, extents, headerBytes, String(received), 'The file is cut short: get it again')
  }
  const data = new Uint8Array(new SharedArrayBuffer(sizeOf(extents)))
  let filled = -headerBytes
  for (const part of parts) {
    data.set(part.subarray(Math.max(0, -filled)), Math.max(0, filled))
    filled += part.length
  }
  return { extents, data, checksum: hash.digest('hex') }
}

/** The extents that the header states, after checking each of its fields. */
export function parseIdxHeader(bytes: Uint8Array, kind: IdxKind, file: string): number[] {
  const fail = (field: string, expected: string, received: string, hint?: string): never => {
    throw new AtelierError(mismatch(`${file}, ${field}`, expected, received, hint))
  }
  const rank = RANK[kind]
  const [zero0, zero1, type, axes] = bytes
  if (zero0 === undefined || axes === undefined || type === undefined) {
    return fail('header', `${4 + 4 * rank} bytes`, `a file of ${bytes.length} bytes`, 'The file is cut short')
  }
  if (zero0 !== 0 || zero1 !== 0) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    fail('magic number', `0x000008${hex(rank)}`, `0x${start}`, 'This is not an IDX file')
  }
  if (type !== 0x08) {
    fail('element type', TYPES.get(0x08) as string, TYPES.get(type) ?? `unknown type 0x${hex(type)}`)
  }
  if (axes !== rank) {
    const other = axes === RANK.images ? 'images' : axes === RANK.labels ? 'labels' : undefined
    const hint = other && `${basename(file)} holds ${other}, not ${kind}: the files may have been swapped`
    fail('number of axes', `${rank} (${kind})`, String(axes), hint)
  }
  if (bytes.length < 4 + 4 * rank) {
    fail('header', `${4 + 4 * rank} bytes`, `a file of ${bytes.length} bytes`, 'The file is cut short')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const extents = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const empty = extents.indexOf(0)
  if (empty >= 0) fail(`extent of axis ${empty} (${AXES[empty]})`, 'at least 1', '0')
  return extents
}

function lengthError(
  file: string,
  extents: readonly number[],
  headerBytes: number,
  received: string,
  hint: string,
): AtelierError {
  const expected = `${headerBytes + sizeOf(extents)} bytes as its header says (${formatShape(extents)})`
  return new AtelierError(mismatch(`${file}, length`, expected, received, hint))
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase()
}
