/**
 * The checksum that a file carries in its own metadata, by which damage is recognized: CRC-32 of all its bytes, the
 * checksum's eight digits counted as zeros. It is no protection from people, and takes less time than a cryptographic
 * one. Two keys tell of it, so that no damage to a name makes the file one without a checksum.
 */
import { crc32 } from 'node:zlib'
import { AtelierError, mismatch } from '../core/errors.js'

const METHOD = 'atelier.checksum'
const DIGITS = 'atelier.crc32'
const ZEROS = '00000000'

/** Comes first in the metadata of a file; the digits are filled in when all bytes are known. */
export const emptyChecksum: Readonly<Record<string, string>> = { [METHOD]: 'crc32', [DIGITS]: ZEROS }

/** Puts the checksum into a header that was encoded with an empty one. */
export function fillChecksum(header: Uint8Array, pieces: Iterable<Uint8Array>): void {
  let sum = crc32(header)
  for (const piece of pieces) sum = crc32(piece, sum)
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength)
  bytes.write(hex(sum), placeOf(bytes, ZEROS))
}

/** Checks a file's bytes while they are read: the header, then the rest piece by piece. */
export class ChecksumReader {
  private readonly checks: { readonly expected: string; sum: number }[] = []

  /**
   * @param header - With the eight bytes of its length.
   * @param elsewhere - The CRC-32 of the whole file, where something beside it tells that.
   * @throws AtelierError where the metadata tell of a checksum that is not there, or of another kind.
   */
  constructor(
    private readonly path: string,
    metadata: Readonly<Record<string, string>>,
    header: Uint8Array,
    elsewhere: string | undefined,
  ) {
    if (elsewhere !== undefined) this.checks.push({ expected: elsewhere, sum: crc32(header) })
    const { [METHOD]: method, [DIGITS]: digits } = metadata
    if (method === undefined && digits === undefined) return
    if (method !== 'crc32' || digits === undefined) throw damaged(path, 'a part of their checksum is lost')
    const bytes = Buffer.from(header)
    const place = placeOf(bytes, digits)
    if (place >= 0) bytes.write(ZEROS, place)
    this.checks.push({ expected: digits, sum: crc32(bytes) })
  }

  add(piece: Uint8Array): void {
    for (const check of this.checks) check.sum = crc32(piece, check.sum)
  }

  /** @throws AtelierError where the bytes are not those that were written. */
  finish(): void {
    const broken = this.checks.find(({ expected, sum }) => expected !== hex(sum))
    if (broken !== undefined) throw damaged(this.path, `their CRC-32 is ${hex(broken.sum)}`)
  }
}

function damaged(path: string, how: string): AtelierError {
  const hint = `The file is damaged: take a copy of it. If a program changed it on purpose, that has to leave ${METHOD} and ${DIGITS} out of its metadata`
  return new AtelierError(mismatch(path, 'the bytes it was written with', `others (${how})`, hint))
}

/** The CRC-32 of a whole file, as `ChecksumReader` is told it. */
export const checksumOf = (bytes: Uint8Array): string => hex(crc32(bytes))

/** The metadata without the checksum, which is the file's own affair. */
export function withoutChecksum(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const { [METHOD]: _, [DIGITS]: __, ...rest } = metadata
  return rest
}

/** Of the digits, in a header as it is written; -1 in one that another program has written. */
function placeOf(header: Buffer, digits: string): number {
  const before = `"${DIGITS}":"`
  const place = header.indexOf(`${before}${digits}"`)
  return place < 0 ? -1 : place + before.length
}

const hex = (sum: number): string => sum.toString(16).padStart(8, '0')
