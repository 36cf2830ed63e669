import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { withoutBars } from './bars.js'
import { decodePicture } from './decode.js'
import { preparePhoto } from './prepare.js'

const files = readdirSync('examples/photos')
const frame = (background: string) => ({ top: 60, bottom: 60, left: 60, right: 60, background })

/** The mean difference of a photo's pixels with something around it and without, in levels. */
async function differenceBy(file: string, around: { readonly background: string }): Promise<number> {
  const photo = sharp(`examples/photos/${file}`)
  const [framed, plain] = await Promise.all(
    [photo.clone().extend(around), photo].map(async (image) => {
      return preparePhoto(await decodePicture(await image.png().toBuffer(), file)).pixels
    }),
  )
  const differences = Array.from(plain ?? [], (pixel, i) => Math.abs(pixel - (framed?.[i] ?? 0)))
  return differences.reduce((sum, one) => sum + one, 0) / differences.length
}

describe.each(files)('%s', (file) => {
  it.each([
    ['a black frame', frame('#000')],
    ['a red frame', frame('#f00')],
    ['letterbox bars', { top: 100, bottom: 100, background: '#000' }],
  ])('in %s is nearly the same', async (_, around) => {
    expect(await differenceBy(file, around)).toBeLessThan(8)
  })
})

it('a plain rectangle before a plain background is no picture in a frame', () => {
  const values = Float32Array.from({ length: 200 * 180 }, (_, i) => {
    const [x, y] = [i % 200, Math.floor(i / 200)]
    return x >= 40 && x < 160 && y >= 30 && y < 150 ? 60 : 250
  })
  const raster = { width: 200, height: 180, channels: 1, values } as const
  expect(withoutBars(raster)).toBe(raster)
})
