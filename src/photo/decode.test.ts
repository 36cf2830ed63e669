import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { AtelierError } from '../core/errors.js'
import { decodePicture } from './decode.js'

const [WIDTH, HEIGHT] = [32, 20]

/** Red on the left half, blue on the right. */
const twoColours = (): Sharp => {
  const data = Buffer.alloc(3 * WIDTH * HEIGHT)
  for (let i = 0; i < WIDTH * HEIGHT; i++) data[3 * i + (i % WIDTH < WIDTH / 2 ? 0 : 2)] = 220
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
}

/** The colour of a pixel. */
async function pixelOf(bytes: Buffer, x: number, y: number): Promise<number[]> {
  const { data, width, channels } = await decodePicture(bytes, 'picture')
  return Array.from(data.subarray((y * width + x) * channels, (y * width + x) * channels + 3))
}

const near = (values: readonly number[], tolerance: number) =>
  values.map((value) => expect.toSatisfy((received: number) => Math.abs(received - value) <= tolerance))

const RED = [220, 0, 0]

describe('reads', () => {
  it.each<[string, (image: Sharp) => Sharp, number]>([
    ['PNG', (image) => image.png(), 0],
    ['PNG of a palette', (image) => image.png({ palette: true }), 2],
    ['PNG of 16 bits', (image) => image.toColourspace('rgb16').png(), 1],
    ['JPEG', (image) => image.jpeg({ quality: 95 }), 10],
    ['WebP', (image) => image.webp({ lossless: true }), 0],
    ['AVIF', (image) => image.avif({ lossless: true }), 4],
    ['GIF', (image) => image.gif(), 8],
    ['TIFF', (image) => image.tiff({ compression: 'lzw' }), 0],
  ])('%s', async (_, encode, tolerance) => {
    const bytes = await encode(twoColours()).toBuffer()
    expect(await pixelOf(bytes, 6, 10)).toEqual(near(RED, tolerance))
  })

  it('CMYK, of which less ink is more light', async () => {
    // Colours that ink can print: a bright red, as in the pictures above, is none.
    for (const [r, g, b] of [
      [200, 190, 180],
      [150, 110, 90],
      [60, 70, 80],
    ] as const) {
      const solid = sharp({ create: { width: 12, height: 12, channels: 3, background: { r, g, b } } })
      const bytes = await solid.toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()
      expect((await sharp(bytes).metadata()).space).toBe('cmyk')
      expect(await pixelOf(bytes, 6, 6)).toEqual(near([r, g, b], 12))
    }
  })

  it('16 bits of gray as 8', async () => {
    const data = Uint16Array.from({ length: 100 }, () => 0x8040)
    const image = sharp(data, { raw: { width: 10, height: 10, channels: 1 } }).toColourspace('grey16')
    const bytes = await image.png().toBuffer()
    expect((await sharp(bytes).metadata()).depth).toBe('ushort')
    expect(await pixelOf(bytes, 5, 5)).toEqual(near([128, 128, 128], 1))
  })

  it('upright, as the EXIF orientation says', async () => {
    // 6: the camera was turned, the picture's top is on the right.
    const bytes = await twoColours().jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()
    const picture = await decodePicture(bytes, 'picture')
    expect([picture.width, picture.height]).toEqual([HEIGHT, WIDTH])
    expect(await pixelOf(bytes, 10, 6)).toEqual(near(RED, 10))
    expect(await pixelOf(bytes, 10, 26)).toEqual(near([0, 0, 220], 10))
  })

  it.each(['gif', 'webp'] as const)('the first frame of an animation: %s', async (format) => {
    const frames = Buffer.concat([Buffer.alloc(300, 240), Buffer.alloc(300, 10)])
    const raw = { width: 10, height: 20, channels: 3, pageHeight: 10 } as const
    const bytes = await sharp(frames, { raw }).toFormat(format).toBuffer()
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2)
    const picture = await decodePicture(bytes, 'picture')
    expect([picture.width, picture.height]).toEqual([10, 10])
    expect(await pixelOf(bytes, 5, 5)).toEqual(near([240, 240, 240], 4))
  })

  it('transparency as straight alpha', async () => {
    const data = Buffer.from(Array(100).fill([200, 100, 50, 128]).flat())
    const bytes = await sharp(data, { raw: { width: 10, height: 10, channels: 4 } })
      .png()
      .toBuffer()
    const picture = await decodePicture(bytes, 'picture')
    expect(Array.from(picture.data.subarray(0, 4))).toEqual([200, 100, 50, 128])
  })

  it('large pictures smaller, in proportion', async () => {
    const create = { width: 3000, height: 1500, channels: 3, background: '#345' } as const
    const picture = await decodePicture(await sharp({ create }).png().toBuffer(), 'picture')
    expect([picture.width, picture.height]).toEqual([1024, 512])
  })
})

/** A baseline JPEG, and where in it its tables of Huffman codes and its scan begin, and its scan's header ends. */
async function baseline() {
  const bytes = await twoColours().jpeg({ quality: 95, progressive: false }).toBuffer()
  const [tables, scan] = [bytes.indexOf('ffc4', 'hex'), bytes.indexOf('ffda', 'hex')]
  return { bytes, tables, headerEnd: scan + 2 + bytes.readUInt16BE(scan + 2) }
}

/** As phones and webcams write JPEGs, which every viewer shows. */
const oddJpegs = async (): Promise<Record<string, Buffer>> => {
  const { bytes, tables, headerEnd } = await baseline()
  const spectral = Buffer.from(bytes)
  spectral[headerEnd - 2] = 0
  return {
    'one byte before a marker': Buffer.concat([
      bytes.subarray(0, tables),
      Buffer.of(65),
      bytes.subarray(tables),
    ]),
    'a spectral selection that baseline files have not': spectral,
  }
}

it.each(['one byte before a marker', 'a spectral selection that baseline files have not'])(
  'a JPEG with %s is read, and half of it is not',
  async (oddity) => {
    const bytes = (await oddJpegs())[oddity] as Buffer
    const whole = await decodePicture((await baseline()).bytes, 'picture')
    expect(await decodePicture(bytes, 'picture')).toEqual(whole)
    for (const end of [bytes.length - 2, Math.floor(bytes.length / 2)]) {
      await expect(decodePicture(bytes.subarray(0, end), 'picture')).rejects.toThrow(/expected a whole image/)
    }
  },
)

it('a JPEG that ends in the middle of its pixels is refused, whatever it says', async () => {
  const { bytes, headerEnd } = await baseline()
  const middle = Math.floor((headerEnd + bytes.length) / 2)
  const ended = Buffer.concat([bytes.subarray(0, middle), Buffer.from('ffd9', 'hex')])
  await expect(decodePicture(ended, 'a.jpg')).rejects.toThrow(
    'a.jpg: expected a whole image, received one that',
  )
})

describe('refuses, naming the file', () => {
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const error: unknown = await decodePicture(bytes, 'bad.png').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AtelierError)
    return (error as AtelierError).message
  }

  it.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(), 'an empty file'],
    ['text', Buffer.from('hello, world, hello'), 'other bytes'],
    [
      'SVG, which can name other files',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'other bytes',
    ],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'a HEIC. Export it as JPEG, .*'],
    ['PDF', Buffer.from('%PDF-1.7 and more'), 'other bytes'],
  ])('%s', async (_, bytes, received) => {
    expect(await refused(bytes)).toMatch(new RegExp(`^bad.png: expected an image.*received ${received}$`))
  })

  it.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const)('half a file: %s', async (format) => {
    const whole = await twoColours().toFormat(format).toBuffer()
    const message = await refused(whole.subarray(0, Math.floor(whole.length / 2)))
    expect(message).toMatch(
      /^bad.png: expected a whole image, received (a damaged one|one that is cut short)$/,
    )
  })

  it('a decompression bomb', async () => {
    const create = { width: 10_001, height: 10_000, channels: 3, background: '#000' } as const
    const bytes = await sharp({ create }).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer()
    expect(bytes.length).toBeLessThan(1e6)
    expect(await refused(bytes)).toBe('bad.png: expected at most 100,000,000 pixels, received more')
  })

  it('a row of very many pixels', async () => {
    const create = { width: 70_000, height: 1, channels: 3, background: '#000' } as const
    const message = 'bad.png: expected edges of at most 65,535 pixels, received one of 70,000'
    expect(await refused(await sharp({ create }).png().toBuffer())).toBe(message)
  })

  it('a picture of no pixels', async () => {
    const bytes = Buffer.from(await twoColours().png().toBuffer())
    bytes.writeUInt32BE(0, 16)
    expect(await refused(bytes)).toMatch(/^bad.png: expected a whole image/)
  })
})
