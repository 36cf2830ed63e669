/**
 * Pictures of what no model of clothes knows, drawn by code and the same everywhere: digits in several hands,
 * noise, blank ones. A picture is { width, height, channels: 1, data } as the photo's steps take it.
 */

import { type Random, randomOf } from './random.js'

/** One channel of pixels 0 ... 255. */
export interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly channels: 1
  readonly data: Uint8ClampedArray
}
export interface PictureGroup {
  readonly group: 'digits' | 'noise' | 'blank'
  readonly name: string
  readonly pictures: readonly GreyPicture[]
}
type Point = readonly [x: number, y: number]

const between = (random: Random, low: number, high: number) => low + (high - low) * random()

/** Normally distributed, by Box and Muller. */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The digits as strokes in the unit square, y downwards, in the commands M, L and C of SVG paths. */
const PRINTED = [
  'M .5 0 C .85 0 .95 .25 .95 .5 C .95 .75 .85 1 .5 1 C .15 1 .05 .75 .05 .5 C .05 .25 .15 0 .5 0',
  'M .2 .22 L .55 0 L .55 1',
  'M .08 .27 C .1 .07 .3 0 .5 0 C .75 0 .92 .1 .92 .3 C .92 .52 .7 .6 .05 1 L .95 1',
  'M .1 .14 C .25 0 .4 0 .5 0 C .75 0 .88 .1 .88 .25 C .88 .42 .7 .48 .4 .48 C .75 .48 .95 .58 .95 .75 C .95 .92 .75 1 .5 1 C .3 1 .15 .95 .05 .85',
  'M .7 1 L .7 0 L .05 .68 L .98 .68',
  'M .88 0 L .2 0 L .12 .45 C .25 .38 .4 .36 .5 .36 C .8 .36 .95 .5 .95 .68 C .95 .88 .75 1 .48 1 C .3 1 .15 .95 .05 .85',
  'M .85 .08 C .4 -.1 .05 .25 .05 .68 C .05 .9 .25 1 .5 1 C .75 1 .95 .88 .95 .68 C .95 .5 .78 .4 .55 .4 C .3 .4 .1 .52 .06 .7',
  'M .05 0 L .95 0 L .35 1',
  'M .5 .47 C .2 .44 .1 .35 .1 .23 C .1 .08 .25 0 .5 0 C .75 0 .9 .08 .9 .23 C .9 .35 .8 .44 .5 .47 C .15 .52 .04 .62 .04 .75 C .04 .92 .25 1 .5 1 C .75 1 .96 .92 .96 .75 C .96 .62 .85 .52 .5 .47',
  'M .15 .92 C .6 1.1 .95 .75 .95 .32 C .95 .1 .75 0 .5 0 C .25 0 .05 .12 .05 .32 C .05 .5 .22 .6 .45 .6 C .7 .6 .9 .48 .94 .3',
]
const WRITTEN = [
  'M .6 .05 C .2 -.1 .05 .4 .1 .65 C .15 1 .5 1.05 .75 .85 C 1 .6 .95 .1 .55 .02',
  'M .5 0 C .52 .3 .48 .7 .5 1',
  'M .1 .2 C .3 -.1 .9 -.05 .85 .3 C .8 .6 .3 .75 .12 .95 C .3 .8 .5 1.05 .95 .92',
  'M .1 .05 L .85 .05 L .42 .42 C .8 .4 1 .6 .9 .8 C .8 1.05 .3 1.05 .08 .88',
  'M .25 0 C .2 .3 .1 .45 .08 .58 L .92 .55 M .68 .25 C .66 .5 .62 .8 .6 1',
  'M .25 .02 C .2 .2 .18 .3 .15 .45 C .5 .3 .95 .45 .88 .75 C .8 1.05 .3 1.05 .08 .88 M .25 .02 L .9 .03',
  'M .65 0 C .3 .2 .05 .5 .1 .78 C .15 1.05 .75 1.05 .85 .78 C .9 .5 .4 .45 .12 .72',
  'M .08 .08 C .3 .05 .7 .08 .92 .03 C .7 .35 .5 .65 .42 1 M .3 .52 L .78 .5',
  'M .85 .15 C .6 -.1 .1 0 .2 .25 C .3 .5 .85 .5 .85 .8 C .8 1.08 .15 1.05 .15 .78 C .2 .5 .8 .45 .85 .15',
  'M .85 .2 C .7 -.1 .15 0 .12 .28 C .1 .55 .7 .6 .85 .2 C .85 .5 .8 .8 .7 1',
]
/** Of a display with seven segments: which of top, left and right above, middle, left and right below, bottom glow. */
const SEGMENTS = [
  'M .1 0 L .9 0',
  'M .05 .05 L .05 .45',
  'M .95 .05 L .95 .45',
  'M .1 .5 L .9 .5',
  'M .05 .55 L .05 .95',
  'M .95 .55 L .95 .95',
  'M .1 1 L .9 1',
]
const DISPLAYED = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
].map((lit) => SEGMENTS.filter((_, i) => lit[i] === '1').join(' '))

/** How digits are drawn: strokes, wobble of their points, slant, and how thin a broad nib's thinnest line is. */
const HANDS = {
  printed: { strokes: PRINTED, wobble: 0, slant: 0, nib: 1 },
  broad: { strokes: PRINTED, wobble: 0, slant: 0, nib: 0.35 },
  italic: { strokes: PRINTED, wobble: 0, slant: 0.25, nib: 0.5 },
  displayed: { strokes: DISPLAYED, wobble: 0, slant: 0.05, nib: 1 },
  written: { strokes: WRITTEN, wobble: 0.04, slant: 0.1, nib: 1 },
  scrawled: { strokes: WRITTEN, wobble: 0.07, slant: 0.2, nib: 0.7 },
}

/** Points along the strokes of a path, one polyline a stroke; `move` places every point of the path first. */
function flattenPath(path: string, move: (x: number, y: number) => Point): Point[][] {
  const tokens = path.split(' ')
  const polylines: Point[][] = []
  const next = () => move(Number(tokens.shift()), Number(tokens.shift()))
  while (tokens.length > 0) {
    const command = tokens.shift()
    const line = polylines.at(-1)
    const [x0, y0] = line?.at(-1) ?? [0, 0]
    if (command === 'M' || !line) polylines.push([next()])
    else if (command === 'L') line.push(next())
    else {
      const [[x1, y1], [x2, y2], [x3, y3]] = [next(), next(), next()]
      for (let i = 1; i <= 12; i++) {
        const [t, s] = [i / 12, 1 - i / 12]
        const [a, b, c, d] = [s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3]
        line.push([a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3])
      }
    }
  }
  return polylines
}

/** Distance of (x, y) to the segment from a to b. */
function distanceToSegment(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length2 = dx * dx + dy * dy
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2))
  return Math.hypot(x - ax - t * dx, y - ay - t * dy)
}

/** Ink of 0 ... 1 where a round pen of this radius went; `nib` squeezes the pen's height. */
function drawStrokes(
  side: number,
  polylines: readonly (readonly Point[])[],
  radius: number,
  nib: number,
): Float32Array {
  const ink = new Float32Array(side * side)
  const squeezed = polylines.map((line) => line.map(([x, y]): Point => [x, y / nib]))
  for (const line of squeezed) {
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1]!, line[i]!]
      const [left, right] = [Math.min(a[0], b[0]) - radius - 1, Math.max(a[0], b[0]) + radius + 1]
      const [top, bottom] = [
        (Math.min(a[1], b[1]) - radius - 1) * nib,
        (Math.max(a[1], b[1]) + radius + 1) * nib,
      ]
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(side, Math.ceil(bottom)); y++) {
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(side, Math.ceil(right)); x++) {
          const cover = radius + 0.5 - distanceToSegment(x + 0.5, (y + 0.5) / nib, a, b)
          const place = y * side + x
          if (cover > ink[place]!) ink[place] = Math.min(1, cover)
        }
      }
    }
  }
  return ink
}

const CANVAS = 112

/** A digit in a random size, place, slope, slant and thickness, dark on light paper or the other way round. */
export function drawDigit(hand: keyof typeof HANDS, digit: number, seed: number): GreyPicture {
  const random = randomOf(seed)
  const { strokes, wobble, slant, nib } = HANDS[hand]
  const height = between(random, 50, 80)
  const width = height * between(random, 0.45, 0.8)
  const angle = between(random, -0.2, 0.2)
  const shear = slant + between(random, -0.15, 0.15)
  const [left, top] = [between(random, -6, 6), between(random, -6, 6)]
  const move = (x: number, y: number): Point => {
    const u = width * (x - 0.5 + wobble * normal(random)) - shear * height * (y - 0.5)
    const v = height * (y - 0.5 + wobble * normal(random))
    return [
      CANVAS / 2 + left + Math.cos(angle) * u - Math.sin(angle) * v,
      CANVAS / 2 + top + Math.sin(angle) * u + Math.cos(angle) * v,
    ]
  }
  const radius = height * between(random, 0.03, 0.09)
  const ink = drawStrokes(CANVAS, flattenPath(strokes[digit]!, move), radius, nib)
  const [paper, colour] = [between(random, 225, 255), between(random, 0, 60)]
  const light = random() < 0.5
  const data = Uint8ClampedArray.from(ink, (share) => {
    const value = paper + share * (colour - paper) + normal(random)
    return light ? 255 - value : value
  })
  return { width: CANVAS, height: CANVAS, channels: 1, data }
}

/** Kinds of noise: a value for each pixel of an image of the data set's size, or of a photo. */
const NOISE = {
  uniform: (random: Random) => 256 * random(),
  gaussian: (random: Random) => 128 + 50 * normal(random),
  'salt and pepper': (random: Random) => (random() < 0.5 ? 0 : 255),
  sparse: (random: Random) => (random() < 0.1 ? 255 : 0),
}

function drawNoise(kind: keyof typeof NOISE, side: number, seed: number): GreyPicture {
  const random = randomOf(seed)
  const data = Uint8ClampedArray.from({ length: side * side }, () => NOISE[kind](random))
  return { width: side, height: side, channels: 1, data }
}

/** One colour, with a camera's noise or none. */
function drawBlank(side: number, seed: number): GreyPicture {
  const random = randomOf(seed)
  const [grey, noise] = [Math.floor(256 * random()), side === 28 ? 0 : between(random, 0, 4)]
  const data = Uint8ClampedArray.from({ length: side * side }, () => grey + noise * normal(random))
  return { width: side, height: side, channels: 1, data }
}

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[]

/** `count` pictures of each kind. */
export function strangeImages(count: number, seed = 1): PictureGroup[] {
  const series = (draw: (seed: number, index: number) => GreyPicture) =>
    Array.from({ length: count }, (_, i) => draw(seed * 1_000_003 + i, i))
  const digits = keysOf(HANDS).map((hand) => ({
    group: 'digits' as const,
    name: hand,
    pictures: series((key, i) => drawDigit(hand, i % 10, key)),
  }))
  const noise = keysOf(NOISE).flatMap((kind) =>
    [28, 160].map((side) => ({
      group: 'noise' as const,
      name: `${kind}, ${side} x ${side}`,
      pictures: series((key) => drawNoise(kind, side, key)),
    })),
  )
  const blank = [28, 160].map((side) => ({
    group: 'blank' as const,
    name: `one colour, ${side} x ${side}`,
    pictures: series((key) => drawBlank(side, key)),
  }))
  return [...digits, ...noise, ...blank]
}
