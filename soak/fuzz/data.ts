/** Damaged data sets: each form of file by itself, and whole folders whose files do not fit each other. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readCsv } from '#atelier/data/csv.js'
import { loadDataset } from '#atelier/data/dataset.js'
import { CSV_NAMES, IDX_NAMES } from '#atelier/data/files.js'
import { readIdx } from '#atelier/data/idx.js'
import type { Random } from '../../bench/lib/random.js'
import { type Files, inFolder } from './in-folder.js'
import { below, EDGES, mutateBytes, mutateJson, mutateTable, oneOf } from './mutate.js'
import type { Input, Reader } from './reader.js'

const COUNT = { train: 12, test: 6 }
const SIDE = 3

/** Images or labels in the IDX form, some of the extents as told. */
function idx(
  extents: readonly number[],
  random: Random | null = null,
  type = 8,
  axes = extents.length,
): Buffer {
  const size = extents.reduce((product, extent) => product * extent, 1)
  const head = Buffer.alloc(4 + 4 * extents.length)
  head[2] = type
  head[3] = axes
  extents.forEach((extent, axis) => {
    const told = random !== null && random() < 0.2 ? oneOf(random, EDGES) : extent
    head.writeUInt32BE(told, 4 + 4 * axis)
  })
  return Buffer.concat([head, Buffer.from(Array.from({ length: size }, (_, i) => i % 3))])
}

function csv(count: number): Buffer {
  const header = ['label', ...Array.from({ length: SIDE ** 2 }, (_, i) => `pixel${i + 1}`)]
  const rows = Array.from({ length: count }, (_, row) =>
    header.map((_, i) => (i === 0 ? row % 3 : (37 * i) % 256)),
  )
  return Buffer.from(`${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`)
}

const packed = (bytes: Buffer, random: Random): Buffer => {
  const kind = below(random, 4)
  if (kind === 0) return gzipSync(bytes)
  return kind === 1 ? mutateBytes(gzipSync(bytes), random) : bytes
}

export function idxReader(folder: string): Reader {
  const make = (random: Random): Input => {
    const type = random() < 0.1 ? below(random, 20) : 8
    const extents = random() < 0.5 ? [COUNT.train, SIDE, SIDE] : [COUNT.train]
    const built = idx(extents, random, type, random() < 0.1 ? below(random, 6) : extents.length)
    return { file: packed(random() < 0.5 ? mutateBytes(built, random) : built, random) }
  }
  return inFolder(
    folder,
    {},
    {
      make,
      read: (directory) =>
        readIdx(join(directory, 'file'), 'images').catch(() => readIdx(join(directory, 'file'), 'labels')),
    },
  )
}

export function csvReader(folder: string): Reader {
  const seed = csv(COUNT.train)
  return inFolder(
    folder,
    {},
    {
      make: (random) => ({ file: packed(mutateTable(seed, random), random) }),
      read: (directory) => readCsv(join(directory, 'file')),
    },
  )
}

/** Up to three of a folder's files are changed, gone, or another's; sometimes the classes have names. */
export function dataReader(folder: string): Reader {
  const valid: Files = {
    ...Object.fromEntries(
      IDX_NAMES.map((name) => {
        const count = name.startsWith('train') ? COUNT.train : COUNT.test
        return [name, idx(name.includes('images') ? [count, SIDE, SIDE] : [count])]
      }),
    ),
    [CSV_NAMES.train]: csv(COUNT.train),
    [CSV_NAMES.test]: csv(COUNT.test),
  }
  const names = Object.keys(valid)
  const classes = Buffer.from(JSON.stringify(['T-shirt/top', 'Áo', 'Bag']))
  const make = (random: Random): Input => {
    const changes: Record<string, Buffer | null> = {}
    // Without an IDX file the CSV files are read.
    if (random() < 0.4) changes['train-images-idx3-ubyte'] = null
    for (let change = below(random, 3); change >= 0; change--) {
      const name = oneOf(random, names)
      const bytes = valid[random() < 0.2 ? oneOf(random, names) : name] as Buffer
      const mutate = name.endsWith('.csv') ? mutateTable : mutateBytes
      changes[name] = random() < 0.1 ? null : random() < 0.3 ? bytes : mutate(bytes, random)
    }
    if (random() < 0.4) changes['classes.json'] = mutateJson(classes, random)
    return changes
  }
  return inFolder(folder, valid, { make, read: (directory) => loadDataset({ data: directory }) })
}
