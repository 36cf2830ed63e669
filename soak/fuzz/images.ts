/** Damaged pictures for the reader of photos. */
import sharp from 'sharp'
import { decodePicture } from '#atelier/photo/decode.js'
import { preparePhoto } from '#atelier/photo/prepare.js'
import { randomOf } from '../../bench/lib/random.js'
import { mutateBytes, oneOf } from './mutate.js'
import type { Reader } from './reader.js'

export async function imageReader(): Promise<Reader> {
  const seeds = await imageSeeds()
  return {
    atOnce: 8,
    make: (random) => ({ picture: mutateBytes(oneOf(random, seeds), random) }),
    read: async ({ picture }) => preparePhoto(await decodePicture(picture ?? Buffer.alloc(0), 'picture')),
  }
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
