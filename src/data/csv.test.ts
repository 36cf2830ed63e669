import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inChunks } from '../../test/support/chunks.js'
import { AtelierError } from '../core/errors.js'
import { decodeCsv } from './csv.js'

const decode = (text: string | Uint8Array, size = 5) =>
  decodeCsv(inChunks(typeof text === 'string' ? Buffer.from(text) : text, size), 'FILE')

const header = (pixels: number) =>
  ['label', ...Array.from({ length: pixels }, (_, i) => `pixel${i + 1}`)].join(',')

describe('decodeCsv', () => {
  it('reads rows with either line end, a byte order mark and blank lines at the end', async () => {
    const { count, side, images, labels } = await decode(
      `\uFEFF${header(4)}\r\n7,0,10,200,255\r\n0,1,2,3,4\n\n\r\n`,
    )
    expect({ count, side }).toEqual({ count: 2, side: 2 })
    expect([...labels]).toEqual([7, 0])
    expect([...images]).toEqual([0, 10, 200, 255, 1, 2, 3, 4])
    expect(images.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('reads back whatever is written, in chunks of any size, with or without a last line end', async () => {
    const rows = fc.array(fc.uint8Array({ minLength: 10, maxLength: 10 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 99 }), fc.boolean(), async (values, size, ended) => {
        const text = [header(9), ...values.map((row) => row.join(','))].join('\n') + (ended ? '\n' : '')
        const file = await decode(text, size)
        expect([...file.labels]).toEqual(values.map((row) => row[0]))
        expect([...file.images]).toEqual(values.flatMap((row) => [...row.slice(1)]))
      }),
    )
  })

  it('grows to more rows than its first store holds', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i % 10},${i % 256},1,2,3`)
    const { count, images } = await decode([header(4), ...rows].join('\n'), 4096)
    expect(count).toBe(20_000)
    expect(images[4 * 19_999]).toBe(19_999 % 256)
  })

  it.each([
    ['an empty file', '', 'FILE, line 1, content: expected a header and at least one row, received the end'],
    ['a header alone', `${header(4)}\n`, 'FILE, line 2, content: expected a header and at least one row'],
    [
      'no header',
      '1,0,0,0,0\n',
      'FILE, line 1, header: expected label,pixel1,pixel2,..., received "1,0,0,0,0"',
    ],
    [
      '784 columns',
      `${header(783)}\n`,
      'line 1, number of columns: expected a label and the pixels of a square image (785 for 28 x 28), received 784',
    ],
    ['no pixels', 'label\n1\n', 'line 1, number of columns'],
    [
      'another order',
      'label,pixel1,pixel3,pixel2,pixel4\n',
      'line 1, name of column 3: expected pixel2, received "pixel3"',
    ],
    [
      'a short row',
      `${header(4)}\n1,0,0,0,0\n1,0,0,0\n`,
      'line 3, number of columns: expected 5 as in the header, received 4',
    ],
    [
      'a long row',
      `${header(4)}\n1,0,0,0,0,0\n`,
      'line 2, number of columns: expected 5 as in the header, received 6',
    ],
    [
      'a comma at the end',
      `${header(4)}\n1,0,0,0,\n`,
      'line 2, pixel4: expected an integer of 0 to 255, received ""',
    ],
    [
      'a pixel of 256',
      `${header(4)}\n1,0,256,0,0\n`,
      'line 2, pixel2: expected an integer of 0 to 255, received "256"',
    ],
    [
      'a negative pixel',
      `${header(4)}\n1,0,0,-1,0\n`,
      'line 2, pixel3: expected an integer of 0 to 255, received "-1"',
    ],
    [
      'a fraction',
      `${header(4)}\n1,0.5,0,0,0\n`,
      'line 2, pixel1: expected an integer of 0 to 255, received "0.5"',
    ],
    [
      'a word for a label',
      `${header(4)}\nBag,0,0,0,0\n`,
      'line 2, label: expected an integer of 0 to 255, received "Bag"',
    ],
    [
      'a gap',
      `${header(4)}\n1,0,0,0,0\n\n1,0,0,0,0\n`,
      'line 3, content: expected a row, received an empty line',
    ],
    ['an endless line', 'x'.repeat(300_000), 'line 1, length: expected at most 262144 bytes, received more'],
  ])('refuses %s, naming the line', async (_, text, message) => {
    const error = await decode(text, 1 << 15).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AtelierError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('\n')
  })

  it('answers random bytes and cut files with a result or an AtelierError', async () => {
    const whole = Buffer.from(`${header(4)}\n1,0,10,200,255\n2,3,4,5,6\n`)
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(whole.length).map((length) => whole.subarray(0, length)),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => {
        const copy = Buffer.from(whole)
        copy[at] = byte
        return copy
      }),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const result = await decode(bytes).catch((error: unknown) => error)
        if (result instanceof Error) expect(result).toBeInstanceOf(AtelierError)
        else expect(result).toHaveProperty('count')
      }),
      { numRuns: 300 },
    )
  })
})
