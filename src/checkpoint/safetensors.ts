/**
 * The safetensors format (https://huggingface.co/docs/safetensors): the header's length as a little-endian u64,
 * the header as JSON, padded with spaces to a multiple of 8 bytes, then the tensors' bytes.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { writeFileAtomically } from '../core/files.js'
import { formatShape, type Shape, sizeOf } from '../core/shape.js'
import { ChecksumReader, emptyChecksum, fillChecksum, withoutChecksum } from './checksum.js'
import { dtypeOf, dtypes, type StoredDType, type StoredValues } from './dtypes.js'
import { floatsToHalves } from './half.js'
import { type Header, parseHeader } from './header.js'

export interface StoredTensor {
  readonly shape: Shape
  readonly data: StoredValues
  /** Writes f32 data as half-precision values, rounded to the nearest, ties to even. */
  readonly as?: 'F16'
}
/** A tensor as it was read: F16 and BF16 arrive widened to a Float32Array. */
export interface LoadedTensor extends StoredTensor {
  readonly dtype: StoredDType
}
export interface SafetensorsFile {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, LoadedTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** Longest header that the format's own library reads. */
const longestHeader = 100_000_000

/**
 * Reads a whole file.
 *
 * @param crc32 - Of all its bytes, where something beside it tells that.
 * @throws AtelierError when it cannot be read, is not what the format says or has other bytes than were written.
 */
export async function readSafetensors(path: string, crc32?: string): Promise<SafetensorsFile> {
  const handle = await open(path).catch((error: unknown) => {
    throw new AtelierError(mismatch(path, 'a readable safetensors file', messageOf(error)))
  })
  try {
    const { header, bytes } = await readHeader(handle, path)
    const checksum = new ChecksumReader(path, header.metadata, bytes, crc32)
    const tensors = new Map<string, LoadedTensor>()
    for (const { name, dtype, shape, begin, end } of header.entries) {
      // A buffer of its own starts aligned, whatever the offset in the file.
      const values = await readExactly(handle, path, bytes.length + begin, end - begin)
      checksum.add(new Uint8Array(values))
      tensors.set(name, { dtype, shape, data: dtypes[dtype].decode(values) })
    }
    checksum.finish()
    return { tensors, metadata: withoutChecksum(header.metadata) }
  } finally {
    await handle.close()
  }
}

/**
 * Writes tensors in the order of the map, piece by piece, so that no second copy of them is made, with a checksum in the
 * metadata. Equal input gives equal bytes.
 *
 * @throws AtelierError for a value that overflows half precision.
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header = encodeHeader(tensors, { ...emptyChecksum, ...metadata })
  const pieces = [...tensors].map(([name, tensor]) => bytesOf(path, name, tensor))
  fillChecksum(header, pieces)
  await writeFileAtomically(path, [header, ...pieces])
}

function bytesOf(path: string, name: string, tensor: StoredTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = arrayOf(path, name, tensor)
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The array whose bytes are written. */
function arrayOf(path: string, name: string, { data, as }: StoredTensor): StoredValues | Uint16Array {
  if (as === undefined) return data
  try {
    return floatsToHalves(data as Float32Array)
  } catch (error) {
    throw new AtelierError(mismatch(`${path}, tensor ${name}`, 'values that fit into f16', messageOf(error)))
  }
}

function encodeHeader(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const fields: [string, unknown][] = [['__metadata__', metadata]]
  let begin = 0
  for (const [name, { shape, data, as }] of tensors) {
    if (as !== undefined && !(data instanceof Float32Array)) {
      throw new Error(`tensor ${name} is to be written as ${as}, but holds ${dtypeOf(data)}`)
    }
    if (data.length !== sizeOf(shape)) {
      throw new Error(`tensor ${name} has ${data.length} values for the shape ${formatShape(shape)}`)
    }
    const dtype = as ?? dtypeOf(data)
    const end = begin + data.length * dtypes[dtype].bytes
    fields.push([name, { dtype, shape, data_offsets: [begin, end] }])
    begin = end
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(fields)))
  const padded = Math.ceil(json.length / 8) * 8
  const header = Buffer.alloc(8 + padded, ' ')
  header.writeBigUInt64LE(BigInt(padded))
  header.set(json, 8)
  return header
}

/** The header, and its bytes with those of its length. */
async function readHeader(handle: FileHandle, path: string): Promise<{ header: Header; bytes: Uint8Array }> {
  const fail = (field: string, expected: string, received: string): never => {
    throw new AtelierError(mismatch(`${path}, ${field}`, expected, received))
  }
  const stat = await handle.stat()
  const { size } = stat
  if (!stat.isFile()) fail('kind', 'a file', stat.isDirectory() ? 'a folder' : 'something else')
  if (size < 8) fail('length', 'at least 8 bytes', `${size}`)
  const length = new DataView(await readExactly(handle, path, 0, 8)).getBigUint64(0, true)
  const room = Math.min(size - 8, longestHeader)
  if (length > room) fail('length of the header', `at most ${room} bytes`, `${length}`)
  const start = 8 + Number(length)
  const bytes = new Uint8Array(await readExactly(handle, path, 0, start))
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8))
  } catch {
    fail('header', 'UTF-8 text', 'other bytes')
  }
  return { header: parseHeader(path, text, size - start), bytes }
}

async function readExactly(
  handle: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length; ) {
    // One read call takes less than 2 GiB.
    const wanted = Math.min(length - filled, 2 ** 30)
    const { bytesRead } = await handle.read(bytes, filled, wanted, position + filled)
    if (bytesRead === 0) {
      throw new AtelierError(
        mismatch(`${path}, length`, `${position + length} bytes`, `${position + filled}`),
      )
    }
    filled += bytesRead
  }
  return bytes.buffer
}
