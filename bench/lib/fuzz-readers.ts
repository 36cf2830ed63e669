/**
 * Damaged and hostile files for the readers of images and of safetensors. A reader has to give a value or an error
 * that is meant for users, in time; anything else is a finding.
 */
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { type Random, randomOf } from './random.js'

export type Mutate = (original: Buffer, random: Random) => Buffer
export type Read = (bytes: Buffer) => Promise<unknown>

export interface Fuzzing {
  readonly seeds: readonly Buffer[]
  readonly mutate: Mutate
  readonly read: Read
  /** Tells the errors that are meant. */
  readonly isExpected: (error: unknown) => boolean
  readonly count: number
  readonly seed: number
  readonly atOnce: number
  readonly onProgress?: (done: number) => void
}
export interface Finding {
  /** Of the input. */
  readonly number: number
  readonly bytes: Buffer
  readonly error: unknown
}
export interface FuzzResult {
  read: number
  refused: number
  readonly findings: Finding[]
}
type Entries = Record<string, unknown>

/** Milliseconds after which a reader hangs. */
const PATIENCE = 20_000
/** Values where lengths and counts go wrong. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

/** Gives `count` mutations of the seeds to `read`, `atOnce` at a time. */
export async function fuzz(fuzzing: Fuzzing): Promise<FuzzResult> {
  const { seeds, mutate, read, isExpected, count, seed, atOnce, onProgress } = fuzzing
  const result: FuzzResult = { read: 0, refused: 0, findings: [] }
  let next = 0
  const worker = async () => {
    while (next < count) {
      const number = next++
      const random = randomOf(seed * 1_000_003 + number)
      const bytes = mutate(seeds[number % seeds.length]!, random)
      try {
        await inTime(read(bytes))
        result.read++
      } catch (error) {
        if (isExpected(error)) result.refused++
        else result.findings.push({ number, bytes, error })
      }
      if ((number + 1) % 10_000 === 0) onProgress?.(number + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return result
}

async function inTime(promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE} ms`)), PATIENCE)
  })
  try {
    await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A reader of bytes out of one of files: for one input at a time, as all are written to the same file. */
export const throughFile =
  (path: string, read: (path: string) => Promise<unknown>): Read =>
  async (bytes) => {
    await writeFile(path, bytes)
    await read(path)
  }

const below = (random: Random, limit: number) => Math.floor(random() * limit)
const oneOf = <Item>(random: Random, list: readonly Item[]): Item => list[below(random, list.length)]!

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

/** Small images of every format and form that is read. */
export function imageSeeds(): Promise<Buffer[]> {
  const [width, height] = [24, 20] as const
  const random = randomOf(7)
  const data = Buffer.from(
    Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : 256 * random())),
  )
  const start = () => sharp(data, { raw: { width, height, channels: 4 } })
  const tall = sharp(Buffer.concat([data, data]), {
    raw: { width, height: 2 * height, channels: 4, pageHeight: height },
  })
  return Promise.all(
    [
      start().png(),
      start().png({ palette: true, colours: 16 }),
      start().png({ progressive: true }),
      start().removeAlpha().toColourspace('grey16').png(),
      start().removeAlpha().jpeg(),
      start().removeAlpha().jpeg({ progressive: true }).withMetadata({ orientation: 6 }),
      start().removeAlpha().toColourspace('cmyk').jpeg(),
      start().webp(),
      start().webp({ lossless: true }),
      start().avif({ effort: 0 }),
      tall.gif(),
      start().tiff({ compression: 'lzw' }),
      start().tiff({ compression: 'none' }),
      start().removeAlpha().tiff({ compression: 'jpeg' }),
    ].map((image) => image.toBuffer()),
  )
}

/** A valid safetensors file of a few small tensors. */
export function safetensorsSeeds(): Buffer[] {
  const header = {
    __metadata__: { format: 'atelier' },
    a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    b: { dtype: 'F16', shape: [4], data_offsets: [24, 32] },
    c: { dtype: 'U8', shape: [8], data_offsets: [32, 40] },
  }
  return [assemble(JSON.stringify(header), Buffer.alloc(40, 0x3c))]
}

function assemble(json: string, data: Buffer): Buffer {
  const text = Buffer.from(json)
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ')
  text.copy(padded)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, data])
}

/** Changes of bytes, or of what the header says: offsets, shapes, types and names that do not fit. */
export function mutateSafetensors(original: Buffer, random: Random): Buffer {
  if (random() < 0.5) return mutateBytes(original, random)
  const length = Number(original.readBigUInt64LE())
  const header: Entries = JSON.parse(original.subarray(8, 8 + length).toString())
  for (let change = below(random, 3); change >= 0; change--) changeHeader(header, random)
  let json = JSON.stringify(header)
  if (random() < 0.1) json = `${json.slice(0, -1)},"a":${JSON.stringify(header.a)}}`
  if (random() < 0.05) json = `${'{"x":'.repeat(10_000)}1${'}'.repeat(10_000)}`
  const file = assemble(json, original.subarray(8 + length))
  if (random() < 0.1) file.writeBigUInt64LE(oneOf(random, [0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]))
  return file
}

/** Made anew each time, as lists and objects among them may be changed in turn. */
const strange = (): unknown[] => [
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
  'F32',
  [],
  {},
  [1, 2],
  true,
]

function changeHeader(header: Entries, random: Random): void {
  const name = oneOf(random, Object.keys(header))
  const value = oneOf(random, strange())
  const entry = header[name]
  if (!isEntry(entry)) {
    header[name] = value
    return
  }
  switch (below(random, 6)) {
    case 0:
      entry.data_offsets[below(random, 2)] = value
      break
    case 1:
      if (Array.isArray(entry.shape)) entry.shape[below(random, 3)] = value
      break
    case 2:
      entry.dtype = oneOf(random, ['F64', 'BF16', 'I64', 'BOOL', 'X', value])
      break
    case 3:
      header[oneOf(random, ['__proto__', 'constructor', '', '\u001b[2J', name.repeat(1000)])] = entry
      break
    case 4:
      entry[oneOf(random, ['shape', 'data_offsets'])] = value
      break
    default:
      header[name] = value
  }
}

function isEntry(value: unknown): value is Entries & { data_offsets: unknown[] } {
  return isTree(value) && 'data_offsets' in value && Array.isArray(value.data_offsets)
}

/** A valid file of a model's weights, all zeros, as `atelier export` writes them; the weights as [name, shape]. */
export function weightsSeeds(
  graph: unknown,
  weights: readonly (readonly [name: string, shape: readonly number[]])[],
): Buffer[] {
  const header: Entries = {
    __metadata__: { graph: JSON.stringify(graph), pixels: JSON.stringify({ mean: 0.3, deviation: 0.4 }) },
  }
  let end = 0
  for (const [name, shape] of weights) {
    const begin = end
    end += 4 * shape.reduce((product, extent) => product * extent, 1)
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  return [assemble(JSON.stringify(header), Buffer.alloc(end))]
}

/** Changes of the layers and the pixels that the metadata tell, or of the file as of any safetensors. */
export function mutateWeights(original: Buffer, random: Random): Buffer {
  if (random() < 0.3) return mutateSafetensors(original, random)
  const length = Number(original.readBigUInt64LE())
  const header: { __metadata__: Record<'graph' | 'pixels', string> } = JSON.parse(
    original.subarray(8, 8 + length).toString(),
  )
  const told = header.__metadata__
  const key = random() < 0.8 ? 'graph' : 'pixels'
  if (random() < 0.1) told[key] = mutateBytes(Buffer.from(told[key]), random).toString('latin1')
  else {
    const value = JSON.parse(told[key])
    for (let change = below(random, 3); change >= 0; change--) changeInside(value, random)
    told[key] = JSON.stringify(value)
  }
  return assemble(JSON.stringify(header), original.subarray(8 + length))
}

/** An object or a list. */
const isTree = (value: unknown): value is Entries => value !== null && typeof value === 'object'

/** Puts another value somewhere in a tree of objects and lists, takes one away, or adds one. */
function changeInside(tree: Entries, random: Random): void {
  let place = tree
  while (true) {
    const key = oneOf(random, Object.keys(place))
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
