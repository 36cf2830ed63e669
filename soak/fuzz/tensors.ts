/** Damaged files of tensors, and of a model's weights. */
import { join } from 'node:path'
import { readSafetensors } from '#atelier/checkpoint/safetensors.js'
import { storeGraph, weightsOf } from '#atelier/graph/graph.js'
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  input,
  relu,
  residual,
  sequential,
} from '#atelier/graph/layers.js'
import { openWeightsFile } from '#atelier/runs/weights-file.js'
import type { Random } from '../../bench/lib/random.js'
import { inFolder } from './in-folder.js'
import { below, changeInside, isTree, mutateBytes, oneOf, strange } from './mutate.js'
import type { Reader } from './reader.js'

type Entries = Record<string, unknown>

const FILE = 'tensors.safetensors'

export function safetensorsReader(folder: string): Reader {
  const seed = safetensorsSeed()
  return inFolder(
    folder,
    {},
    {
      make: (random) => ({ [FILE]: mutateSafetensors(seed, random) }),
      read: (directory) => readSafetensors(join(directory, FILE)),
    },
  )
}

/** Of a network with every kind of weights. */
export function weightsReader(folder: string): Reader {
  const graph = sequential(
    'small',
    input(6, 6, 1),
    conv2d(2, 3, { padding: 'same' }),
    batchNormalization(),
    relu(),
    residual('block', [conv2d(2, 1)]),
    flatten(),
    dense(3),
  )
  const shapes = weightsOf(graph).map(({ name, shape }) => [name, shape] as const)
  const seed = weightsSeed(storeGraph(graph), shapes)
  return inFolder(
    folder,
    {},
    {
      make: (random) => ({ [FILE]: mutateWeights(seed, random) }),
      read: (directory) => openWeightsFile(join(directory, FILE)),
    },
  )
}

/** A valid safetensors file of a few small tensors. */
function safetensorsSeed(): Buffer {
  const header = {
    __metadata__: { format: 'atelier' },
    a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    b: { dtype: 'F16', shape: [4], data_offsets: [24, 32] },
    c: { dtype: 'U8', shape: [8], data_offsets: [32, 40] },
  }
  return assemble(JSON.stringify(header), Buffer.alloc(40, 0x3c))
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
function weightsSeed(
  graph: unknown,
  weights: readonly (readonly [name: string, shape: readonly number[]])[],
): Buffer {
  const header: Entries = {
    __metadata__: { graph: JSON.stringify(graph), pixels: JSON.stringify({ mean: 0.3, deviation: 0.4 }) },
  }
  let end = 0
  for (const [name, shape] of weights) {
    const begin = end
    end += 4 * shape.reduce((product, extent) => product * extent, 1)
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  return assemble(JSON.stringify(header), Buffer.alloc(end))
}

/** Changes of the layers and the pixels that the metadata tell, or of the file as of any safetensors. */
function mutateWeights(original: Buffer, random: Random): Buffer {
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
