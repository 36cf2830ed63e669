import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inChunks } from '../../test/support/chunks.js'
import { temporaryFolder } from '../../test/support/folder.js'
import { encodeIdx } from '../../test/support/idx.js'
import { AtelierError } from '../core/errors.js'
import { decodeIdx, type IdxKind, readIdx } from './idx.js'

const decode = (bytes: Uint8Array, kind: IdxKind = 'images', size = 7) =>
  decodeIdx(inChunks(bytes, size), kind, 'FILE')

/** Two images of 2 x 3, whose elements are 0 to 11. */
const images = encodeIdx(
  [2, 2, 3],
  Uint8Array.from({ length: 12 }, (_, i) => i),
)

function patched(offset: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(images)
  copy.set(bytes, offset)
  return copy
}

describe('decodeIdx', () => {
  it('gives extents, elements on shared memory and the checksum of the whole file', async () => {
    const file = await decode(images)
    expect(file.extents).toEqual([2, 2, 3])
    expect([...file.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(file.data.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(file.checksum).toBe(createHash('sha256').update(images).digest('hex'))
  })

  it('reads back whatever is written, in chunks of any size', async () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
    )
    const cases = shape.chain((extents) => {
      const length = extents[0] * extents[1] * extents[2]
      return fc.tuple(
        fc.constant(extents),
        fc.uint8Array({ minLength: length, maxLength: length }),
        fc.integer({ min: 1, max: length + 20 }),
      )
    })
    await fc.assert(
      fc.asyncProperty(cases, async ([extents, data, size]) => {
        const file = await decode(encodeIdx(extents, data), 'images', size)
        expect(file.extents).toEqual(extents)
        expect(Buffer.compare(Buffer.from(file.data), Buffer.from(data))).toBe(0)
      }),
    )
  })

  it.each<[string, Uint8Array, IdxKind, string]>([
    [
      'an empty file',
      Buffer.alloc(0),
      'images',
      'FILE, header: expected 16 bytes, received a file of 0 bytes',
    ],
    [
      'half a header',
      images.subarray(0, 9),
      'images',
      'FILE, header: expected 16 bytes, received a file of 9 bytes',
    ],
    [
      'text',
      Buffer.from('<!DOCTYPE html><html>'),
      'images',
      'FILE, magic number: expected 0x00000803, received 0x3c21444f',
    ],
    [
      'short text',
      Buffer.from('oops'),
      'labels',
      'FILE, magic number: expected 0x00000801, received 0x6f6f7073',
    ],
    [
      'floats',
      patched(2, 0x0d),
      'images',
      'element type: expected unsigned bytes (0x08), received 32-bit floats (0x0D)',
    ],
    ['an unknown type', patched(2, 0x77), 'images', 'received unknown type 0x77'],
    [
      'labels as images',
      encodeIdx([12], new Uint8Array(12)),
      'images',
      'number of axes: expected 3 (images), received 1. FILE holds labels, not images',
    ],
    [
      'images as labels',
      images,
      'labels',
      'number of axes: expected 1 (labels), received 3. FILE holds images, not labels',
    ],
    ['four axes', patched(3, 4), 'images', 'number of axes: expected 3 (images), received 4'],
    [
      'no items',
      patched(4, 0, 0, 0, 0),
      'images',
      'extent of axis 0 (items): expected at least 1, received 0',
    ],
    [
      'no width',
      patched(12, 0, 0, 0, 0),
      'images',
      'extent of axis 2 (width): expected at least 1, received 0',
    ],
    [
      'a file cut short',
      images.subarray(0, 27),
      'images',
      'length: expected 28 bytes as its header says (2 x 2 x 3), received 27',
    ],
    [
      'trailing bytes',
      Buffer.concat([images, Buffer.alloc(1)]),
      'images',
      'length: expected 28 bytes as its header says (2 x 2 x 3), received more',
    ],
    [
      'a header that claims 2^96 bytes',
      patched(4, ...new Array<number>(12).fill(255)),
      'images',
      'received 28. The file is cut short',
    ],
  ])('refuses %s in one line', async (_, bytes, kind, message) => {
    const error = await decode(bytes, kind).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AtelierError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('\n')
  })

  it('refuses every other length of a file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        async (length, size) => {
          fc.pre(length !== images.length)
          const bytes = Buffer.concat([images, Buffer.alloc(40)]).subarray(0, length)
          await expect(decode(bytes, 'images', size)).rejects.toBeInstanceOf(AtelierError)
        },
      ),
    )
  })

  it('answers random bytes and changed headers with a result or an AtelierError', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.tuple(fc.nat(15), fc.nat(255)).map(([at, byte]) => patched(at, byte)),
    )
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom<IdxKind>('images', 'labels'), async (bytes, kind) => {
        const result = await decode(bytes, kind).catch((error: unknown) => error)
        if (result instanceof Error) expect(result).toBeInstanceOf(AtelierError)
        else expect(result).toHaveProperty('data')
      }),
      { numRuns: 300 },
    )
  })
})

describe('readIdx', () => {
  it('reads plain and gzipped files by their content, whatever the name', async () => {
    const folder = await temporaryFolder()
    const [plain, zipped] = [join(folder, 'a.gz'), join(folder, 'b')]
    await writeFile(plain, images)
    await writeFile(zipped, gzipSync(images))
    expect(await readIdx(zipped, 'images')).toEqual(await readIdx(plain, 'images'))
  })

  it('refuses a gzip stream that is cut short or damaged, and a missing file', async () => {
    const path = join(await temporaryFolder(), 'x.gz')
    await expect(readIdx(path, 'images')).rejects.toThrow(/x\.gz: expected a readable file, received ENOENT/)
    const zipped = gzipSync(images)
    await writeFile(path, zipped.subarray(0, zipped.length - 9))
    await expect(readIdx(path, 'images')).rejects.toThrow(
      /expected a complete gzip file, received one that is cut short/,
    )
    zipped[14] = (zipped[14] as number) ^ 0xff
    await writeFile(path, zipped)
    await expect(readIdx(path, 'images')).rejects.toThrow(
      /gzip stream: expected a complete gzip file, received a damaged one/,
    )
  })
})
