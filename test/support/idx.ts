/** Small data sets in the IDX form, for tests. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { keyOf, Random } from '../../src/core/random.js'

export interface SmallDataset {
  readonly trainCount: number
  readonly testCount: number
  readonly height?: number
  readonly width?: number
  readonly classes?: number
  readonly seed?: number
  readonly gzip?: boolean
}

/** The bytes of an IDX file of unsigned bytes. */
export function encodeIdx(extents: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * extents.length)
  header[2] = 0x08
  header[3] = extents.length
  extents.forEach((extent, axis) => {
    header.writeUInt32BE(extent, 4 + 4 * axis)
  })
  return Buffer.concat([header, data])
}

/**
 * Writes the four files into `directory` (made where it is missing) and returns what they hold. Labels are
 * balanced and shuffled. An image is its class's random pattern under noise of a quarter of the range, so
 * every model can learn the classes.
 */
export async function writeDataset(directory: string, options: SmallDataset) {
  const { trainCount, testCount, height = 28, width = 28, classes = 10, seed = 1, gzip = false } = options
  const size = height * width
  const patterns = new Random(keyOf(seed, 'patterns'))
  const prototypes = Uint8Array.from({ length: classes * size }, () => patterns.integer(192))
  await mkdir(directory, { recursive: true })
  const writeSplit = async (prefix: string, count: number) => {
    const random = new Random(keyOf(seed, prefix))
    const labels = new Uint8Array(
      random.shuffle(Uint32Array.from({ length: count }, (_, index) => index % classes)),
    )
    const images = new Uint8Array(count * size)
    for (let i = 0; i < images.length; i++) {
      const label = labels[Math.floor(i / size)] as number
      images[i] = (prototypes[label * size + (i % size)] as number) + random.integer(64)
    }
    const write = (name: string, bytes: Buffer) =>
      writeFile(join(directory, gzip ? `${name}.gz` : name), gzip ? gzipSync(bytes) : bytes)
    await write(`${prefix}-images-idx3-ubyte`, encodeIdx([count, height, width], images))
    await write(`${prefix}-labels-idx1-ubyte`, encodeIdx([count], labels))
    return { images, labels, count }
  }
  return { train: await writeSplit('train', trainCount), test: await writeSplit('t10k', testCount) }
}
