import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { type PreparedPhoto, preparePhoto, SIDE } from './prepare.js'
import type { Picture } from './raster.js'

type Rgb = readonly [number, number, number]

/** A picture that is computed pixel by pixel. */
function paint(width: number, height: number, colour: (x: number, y: number) => Rgb): Picture {
  const data = new Uint8ClampedArray(3 * width * height)
  for (let i = 0; i < width * height; i++) data.set(colour(i % width, Math.floor(i / width)), 3 * i)
  return { width, height, channels: 3, data }
}

const gray = (value: number): Rgb => [value, value, value]

/** A box of columns 40 to 99 and rows 30 to 149 in a picture of 200 x 180. */
const inBox = (x: number, y: number): boolean => x >= 40 && x < 100 && y >= 30 && y < 150
const boxed = (inside: number, outside: (x: number, y: number) => number = () => 250): Picture =>
  paint(200, 180, (x, y) => gray(inBox(x, y) ? inside : outside(x, y)))

/** Columns and rows of the result with anything in them: [first, last] of each. */
function extentOf({ pixels }: PreparedPhoto): { columns: number[]; rows: number[] } {
  const lit = Array.from(pixels.keys()).filter((i) => (pixels[i] as number) > 20)
  const ends = (values: number[]): number[] => [Math.min(...values), Math.max(...values)]
  return { columns: ends(lit.map((i) => i % SIDE)), rows: ends(lit.map((i) => Math.floor(i / SIDE))) }
}

/** The box, twice as high as wide, fills the height and stands in the middle: columns 7 to 20. */
const filled = { columns: [7, 20], rows: [0, 27] }
const centreOf = ({ pixels }: PreparedPhoto): number => pixels[14 * SIDE + 14] as number

describe('a photo', () => {
  it('of something dark on white is trimmed, fitted, centred and negated', () => {
    const photo = preparePhoto(boxed(60))
    expect(extentOf(photo)).toEqual(filled)
    expect(photo).toMatchObject({ negated: true, untouched: false, blank: false, plain: true })
    expect(centreOf(photo)).toBe(255)
    expect(photo.pixels[0]).toBe(0)
    expect(photo.steps.map(({ name }) => name)).toEqual([
      'picture',
      'trimmed',
      'gray',
      'resized',
      'sharpened',
      'extended',
      'negated',
      'result',
    ])
    const trimmed = photo.steps[1]?.raster
    expect([trimmed?.width, trimmed?.height]).toEqual([60, 120])
  })

  it('of something light on black is not negated', () => {
    const photo = preparePhoto(boxed(200, () => 10))
    expect(extentOf(photo)).toEqual(filled)
    expect(photo.negated).toBe(false)
    expect(centreOf(photo)).toBe(255)
  })

  it('is negated, or not, as told', () => {
    const light = boxed(200, () => 10)
    expect(preparePhoto(light, { invert: 'yes' }).negated).toBe(true)
    expect(preparePhoto(boxed(60), { invert: 'no' }).negated).toBe(false)
  })

  it.each([
    ['noise', (random: Random) => () => 240 + random.between(-8, 8)],
    ['light from one side', () => (x: number) => 250 - x / 4],
    ['a dim background', () => () => 150],
  ] as const)('is trimmed in spite of %s', (_, background) => {
    const photo = preparePhoto(boxed(60, background(new Random(keyOf(1, 'noise')))))
    expect(extentOf(photo)).toEqual(filled)
    expect(photo.pixels[0]).toBe(0)
  })

  it('is trimmed to the thing, not to its soft shadow', () => {
    const shadow = (x: number, y: number): number =>
      250 - 40 * Math.exp(-(((x - 150) / 30) ** 2) - ((y - 90) / 40) ** 2)
    expect(extentOf(preparePhoto(boxed(60, shadow)))).toEqual(filled)
  })

  it('keeps the order of the grays: what is darker on white becomes lighter', () => {
    const halves = paint(200, 180, (x, y) => gray(!inBox(x, y) ? 250 : y < 90 ? 170 : 60))
    const { pixels } = preparePhoto(halves)
    const [upper, lower] = [pixels[6 * SIDE + 14], pixels[22 * SIDE + 14]] as [number, number]
    expect(lower).toBeGreaterThan(200)
    expect(upper).toBeGreaterThan(80)
    expect(upper).toBeLessThan(140)
  })

  it('with transparency stands on white, or on black where it is nearly white itself', () => {
    const cutOut = (value: number): Picture => {
      const data = new Uint8ClampedArray(4 * 200 * 180)
      for (let i = 0; i < 200 * 180; i++) {
        const inside = inBox(i % 200, Math.floor(i / 200))
        // Under full transparency any colour may lie.
        data.set(inside ? [value, value, value, 255] : [255, 0, 0, 0], 4 * i)
      }
      return { width: 200, height: 180, channels: 4, data }
    }
    const [dark, white] = [preparePhoto(cutOut(60)), preparePhoto(cutOut(255))]
    expect([dark.negated, white.negated]).toEqual([true, false])
    expect(extentOf(dark)).toEqual(filled)
    expect(extentOf(white)).toEqual(filled)
  })

  it('of nothing is blank', () => {
    const blank = preparePhoto(paint(100, 80, () => [200, 210, 220]))
    expect(blank.blank).toBe(true)
    expect(blank.pixels.every((pixel) => pixel === 0)).toBe(true)
  })

  it('without a plain background is not trimmed', () => {
    const random = new Random(keyOf(2, 'noise'))
    const photo = preparePhoto(paint(120, 60, () => gray(random.integer(256))))
    expect(photo.plain).toBe(false)
    expect([photo.steps[1]?.raster.width, photo.steps[1]?.raster.height]).toEqual([120, 60])
  })

  it.each([
    [1, 1],
    [1, 500],
    [500, 1],
    [3, 2],
    [29, 28],
  ])('of %i x %i pixels becomes an image too', (width, height) => {
    const random = new Random(keyOf(3, width, height))
    const { pixels } = preparePhoto(paint(width, height, () => gray(random.integer(256))))
    expect(pixels).toHaveLength(SIDE * SIDE)
  })
})

describe('an image of 28 x 28 gray pixels', () => {
  /** Black corners, as all images of the data set have them. */
  const image = Uint8ClampedArray.from({ length: SIDE * SIDE }, (_, i) =>
    Math.floor(i / SIDE) % 27 === 0 ? 0 : (i * 37) % 256,
  )

  it('read back from a canvas with levels changed by one is one still', () => {
    const random = new Random(keyOf(1, 'canvas'))
    const data = Uint8ClampedArray.from({ length: 3 * image.length }, (_, i) => {
      return Number(image[Math.floor(i / 3)]) + random.integer(3) - 1
    })
    const photo = preparePhoto({ width: SIDE, height: SIDE, channels: 3, data })
    expect(photo.untouched).toBe(true)
    photo.pixels.forEach((pixel, i) => {
      expect(Math.abs(pixel - Number(image[i]))).toBeLessThanOrEqual(1)
    })
    data[300] = Number(data[301]) + 4
    expect(preparePhoto({ width: SIDE, height: SIDE, channels: 3, data }).untouched).toBe(false)
  })

  it.each([1, 3] as const)('in %i channels is taken as it is', (channels) => {
    const data = Uint8ClampedArray.from({ length: channels * image.length }, (_, i) =>
      Number(image[Math.floor(i / channels)]),
    )
    const photo = preparePhoto({ width: SIDE, height: SIDE, channels, data })
    expect(photo).toMatchObject({ untouched: true, negated: false })
    expect(Array.from(photo.pixels)).toEqual(Array.from(image))
    expect(photo.steps.map(({ name }) => name)).toEqual(['picture', 'result'])
  })

  it('on white is negated and nothing else', () => {
    const data = image.map((pixel) => 255 - pixel)
    const photo = preparePhoto({ width: SIDE, height: SIDE, channels: 1, data })
    expect(photo).toMatchObject({ untouched: true, negated: true })
    expect(Array.from(photo.pixels)).toEqual(Array.from(image))
  })
})
