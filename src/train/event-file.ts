/**
 * The format of TensorBoard's event files: TFRecords, each a serialized `Event` (event.proto and summary.proto
 * of TensorFlow, of which scalars need a handful of fields).
 *
 *   record       length u64 | masked CRC32C of it u32 | data | masked CRC32C of them u32, all little-endian
 *   Event        1 wall_time double, 2 step int64, then one of: 3 file_version string, 5 Summary, 7 SessionLog
 *   Summary      1 repeated Value: 1 tag string, 2 simple_value float
 *   SessionLog   1 status enum (1: START)
 */

interface EventTime {
  /** Seconds since 1970. */
  readonly wallTime: number
  /** Training steps done. */
  readonly step: number
}
export type TrainingEvent = EventTime &
  (
    | { readonly kind: 'fileVersion'; readonly version: string }
    | { readonly kind: 'scalars'; readonly values: Readonly<Record<string, number>> }
    /** Readers drop what earlier files said of this step and later ones. */
    | { readonly kind: 'restart' }
  )

/** What stands first in every file. */
export const EVENT_FILE_VERSION = 'brain.Event:2'

/** One event as a record. */
export function encodeRecord(event: TrainingEvent): Buffer {
  const data = encodeEvent(event)
  const record = Buffer.alloc(16 + data.length)
  record.writeBigUInt64LE(BigInt(data.length), 0)
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8)
  data.copy(record, 12)
  record.writeUInt32LE(maskedCrc(data), 12 + data.length)
  return record
}

function encodeEvent(event: TrainingEvent): Buffer {
  // As every proto3 writer, a step of zero is left out.
  const step = event.step === 0 ? [] : [key(2, VARINT), varint(event.step)]
  return Buffer.concat([key(1, FIXED64), double(event.wallTime), ...step, encodeContent(event)])
}

function encodeContent(event: TrainingEvent): Buffer {
  if (event.kind === 'fileVersion') return delimited(3, Buffer.from(event.version))
  if (event.kind === 'restart') return delimited(7, Buffer.concat([key(1, VARINT), varint(1)]))
  const values = Object.entries(event.values).map(([tag, value]) =>
    delimited(1, Buffer.concat([delimited(1, Buffer.from(tag)), key(2, FIXED32), float(value)])),
  )
  return delimited(5, Buffer.concat(values))
}

/** Protocol buffers' wire types. */
const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5]

const key = (field: number, wireType: number): Buffer => varint(field * 8 + wireType)

const delimited = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([key(field, DELIMITED), varint(bytes.length), bytes])

/** Seven bits a byte, the lowest first; a set high bit says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

/** Records rotate their checksums and add a constant, since they may hold records themselves. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** CRC-32 with Castagnoli's polynomial, reflected. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcOfByte[(crc ^ byte) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

const crcOfByte = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc
})
