/** Small data sets of noise in the IDX form. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface NoiseData {
  /** Images of each split. */
  readonly train: number
  readonly test: number
  readonly side: number
  readonly classes: number
}

/** Writes the four files into a new folder. */
export function writeNoise(directory: string, { train, test, side, classes }: NoiseData): void {
  mkdirSync(directory)
  const splits = { train, t10k: test }
  for (const [split, count] of Object.entries(splits)) {
    const pixels = Uint8Array.from({ length: count * side * side }, (_, i) => (i * i) % 251)
    const labels = Uint8Array.from({ length: count }, (_, i) => i % classes)
    writeFileSync(join(directory, `${split}-images-idx3-ubyte`), idx([count, side, side], pixels))
    writeFileSync(join(directory, `${split}-labels-idx1-ubyte`), idx([count], labels))
  }
}

function idx(extents: readonly number[], values: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * extents.length)
  head.writeUInt16BE(0x0800 + extents.length, 2)
  extents.forEach((extent, axis) => {
    head.writeUInt32BE(extent, 4 + 4 * axis)
  })
  return Buffer.concat([head, values])
}
