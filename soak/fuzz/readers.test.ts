import { expect, it } from 'vitest'
import { AtelierError } from '#atelier/core/errors.js'
import { temporaryFolder } from '../../test/support/folder.js'
import { fuzz } from './fuzz.js'
import { mutateBytes } from './mutate.js'
import { isMeantForUsers, type Reader } from './reader.js'
import { openReader, type ReaderName, readerNames } from './readers.js'
import { shrink } from './shrink.js'

/** Inputs that take each of them about half a second. */
const COUNTS: Readonly<Record<ReaderName, number>> = {
  images: 200,
  idx: 400,
  csv: 400,
  data: 200,
  safetensors: 500,
  weights: 300,
  recipes: 300,
  runs: 100,
  releases: 20,
}

it.each(readerNames)('the reader of %s reads or refuses what is damaged', async (name) => {
  const reader = await openReader(name, await temporaryFolder())
  const { read, refused, found } = await fuzz(reader, { seed: 2, from: 0, count: COUNTS[name] })
  expect(found.map(({ number, error }) => ({ number, error }))).toEqual([])
  expect(Math.min(read, refused)).toBeGreaterThan(0)
})

it.each([
  new TypeError('x is not iterable'),
  new AtelierError('a.json: expected JSON, received Unexpected token x'),
  new AtelierError('a.png: expected a whole image, received VipsJpeg: premature end'),
  new AtelierError('x'.repeat(10_000)),
])('%s is not meant for users', (error) => {
  expect(isMeantForUsers(error)).toBe(false)
})

it('finds a reader that throws something else, and makes its input smaller', async () => {
  const reader: Reader = {
    atOnce: 2,
    make: (random) => ({ file: mutateBytes(Buffer.alloc(200), random) }),
    read: async ({ file }) => {
      if (file?.includes(255)) throw new TypeError('no user wants to read this')
    },
  }
  const { found } = await fuzz(reader, { seed: 1, from: 0, count: 200 })
  expect(found[0]?.error).toBeInstanceOf(TypeError)
  const { file } = await shrink(reader, found[0]!)
  expect(file).toContain(255)
  expect(file?.length).toBeLessThan(20)
})
