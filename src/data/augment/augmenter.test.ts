import { describe, expect, test } from 'vitest'
import { keyOf, Random } from '../../core/random.js'
import { affineMap, identityMap, Warp } from './affine.js'
import type { Augmentation } from './augmentation.js'
import { Augmenter } from './augmenter.js'
import { Placement } from './placement.js'

const NONE: Augmentation = {
  affine: null,
  translate: 0,
  translateUntil: 1,
  horizontalFlip: 'none',
  verticalFlip: 0,
  erase: null,
  paste: null,
}
const AFFINE = { rotation: 8, zoom: [0.9, 1.1], shear: 0.3, shift: 0.08 } as const
const EXTENTS = { height: 12, width: 10, channels: 1 }
const SIZE = EXTENTS.height * EXTENTS.width
const random = new Random(keyOf(5, 'image'))
const IMAGE = Uint8Array.from({ length: SIZE }, () => 1 + random.integer(255))
const MIRRORED = IMAGE.map((_, i) => IMAGE[i - (i % 10) + 9 - (i % 10)] as number)
const UPSIDE_DOWN = IMAGE.map((_, i) => IMAGE[(11 - Math.floor(i / 10)) * 10 + (i % 10)] as number)

const training = (seed: number) => ({ seed, epochs: 10, indices: Uint32Array.of(0) })

/** What the image becomes as number `index` of the training split. */
function augmented(settings: Partial<Augmentation>, epoch: number, index: number, seed = 1, image = IMAGE) {
  const augmentation = { ...NONE, ...settings }
  const output = augmentation.affine ? new Float32Array(SIZE) : new Uint8Array(SIZE)
  new Augmenter(augmentation, EXTENTS, training(seed)).apply(epoch, index, image, 0, output, 0)
  return output
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('randomness', () => {
  const everything: Augmentation = {
    affine: AFFINE,
    translate: 2,
    translateUntil: 1,
    horizontalFlip: 'random',
    verticalFlip: 0.5,
    erase: { probability: 0.5, area: [0.1, 0.4], aspect: 3, fill: 'noise' },
    paste: { probability: 0.5, area: [0.1, 0.4], aspect: 3, after: 0 },
  }

  test('is the same in whatever order images and epochs come', () => {
    const augmenter = new Augmenter(everything, EXTENTS, training(1))
    const output = new Float32Array(SIZE)
    for (const [epoch, index] of [
      [3, 70],
      [0, 2],
      [3, 71],
      [3, 70],
    ] as const) {
      augmenter.apply(epoch, index, IMAGE, 0, output, 0)
      expect(output).toEqual(augmented(everything, epoch, index))
    }
  })

  test('differs between images, epochs and seeds', () => {
    const outputs = [
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
      [0, 0, 2],
    ].map(([epoch, index, seed]) => augmented(everything, epoch as number, index as number, seed).join())
    expect(new Set(outputs).size).toBe(4)
  })
})

describe('flips', () => {
  test('a vertical flip has its probability and turns the picture upside down', () => {
    const outputs = range(1000).map((i) => augmented({ verticalFlip: 0.3 }, 0, i))
    const flipped = outputs.filter((output) => output.join() === UPSIDE_DOWN.join())
    expect(outputs.filter((output) => output.join() === IMAGE.join()).length).toBe(1000 - flipped.length)
    expect(Math.abs(flipped.length - 300)).toBeLessThan(60)
  })

  test('a random horizontal flip mirrors half of the images in any epoch', () => {
    const outputs = range(1000).map((i) => augmented({ horizontalFlip: 'random' }, i % 7, i))
    const flipped = outputs.filter((output) => output.join() === MIRRORED.join())
    expect(outputs.filter((output) => output.join() === IMAGE.join()).length).toBe(1000 - flipped.length)
    expect(Math.abs(flipped.length - 500)).toBeLessThan(65)
  })

  test('an alternating flip is drawn once and changes with every epoch', () => {
    const settings = { horizontalFlip: 'alternate' } as const
    const first = range(400).map((i) => augmented(settings, 0, i).join() === MIRRORED.join())
    expect(Math.abs(first.filter(Boolean).length - 200)).toBeLessThan(45)
    for (const epoch of [1, 2, 7]) {
      const flips = range(400).map((i) => augmented(settings, epoch, i).join() === MIRRORED.join())
      expect(flips).toEqual(first.map((flip) => flip !== (epoch % 2 === 1)))
    }
  })
})

test('translations end after their share of the epochs', () => {
  const moved = (epoch: number) =>
    range(200).filter(
      (i) => augmented({ translate: 2, translateUntil: 0.5 }, epoch, i).join() !== IMAGE.join(),
    )
  expect(moved(4).length).toBeGreaterThan(150)
  expect(moved(5).length).toBe(0)
})

test('translations are all equally likely', () => {
  const counts = new Map<string, number>()
  const light = new Uint8Array(SIZE)
  light[5 * 10 + 4] = 1
  for (const i of range(4500)) {
    const at = augmented({ translate: 1 }, 0, i, 1, light).indexOf(1)
    const move = `${Math.floor(at / 10) - 5}, ${(at % 10) - 4}`
    counts.set(move, (counts.get(move) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual([
    '-1, -1',
    '-1, 0',
    '-1, 1',
    '0, -1',
    '0, 0',
    '0, 1',
    '1, -1',
    '1, 0',
    '1, 1',
  ])
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100)
})

describe('affine', () => {
  test('fixed ranges give the map of those values', () => {
    const affine = { rotation: 0, zoom: [1.25, 1.25], shear: 0, shift: 0 } as const
    const still = { rotation: 0, shiftRows: 0, shiftColumns: 0, shear: 0, zoomRows: 1.25, zoomColumns: 1.25 }
    const expected = new Float32Array(SIZE)
    const map = affineMap(still, 12, 10, identityMap())
    new Warp(12, 10).apply(map, new Placement(12, 10), IMAGE, 0, expected, 0)
    expect(augmented({ affine }, 0, 3)).toEqual(expected)
    expect(Array.from(expected)).not.toEqual(Array.from(IMAGE))
  })

  test('no rotation, zoom, shear and shift leave the pixels as they are', () => {
    const affine = { rotation: 0, zoom: [1, 1], shear: 0, shift: 0 } as const
    expect(Array.from(augmented({ affine }, 0, 3))).toEqual(Array.from(IMAGE))
  })

  test('shifts stay within their share of each extent and reach it', () => {
    // On a ramp along one axis the middle pixel reads off how far the picture was moved.
    const affine = { rotation: 0, zoom: [1, 1], shear: 0, shift: 0.25 } as const
    for (const [axis, extent] of [
      [10, 12],
      [1, 10],
    ] as const) {
      const ramp = IMAGE.map((_, i) => 10 * (Math.floor(i / axis) % extent))
      const moves = range(500).map((i) => {
        const middle = augmented({ affine }, 0, i, 1, ramp)[6 * 10 + 5] as number
        return middle / 10 - (axis === 10 ? 6 : 5)
      })
      expect(Math.max(...moves.map(Math.abs))).toBeLessThanOrEqual(0.25 * extent)
      expect(Math.max(...moves)).toBeGreaterThan(0.24 * extent)
      expect(Math.min(...moves)).toBeLessThan(-0.24 * extent)
    }
  })

  test('flips and whole-pixel moves come after the map and change none of its draws', () => {
    const alone = augmented({ affine: AFFINE }, 2, 9)
    const both = augmented(
      { affine: AFFINE, translate: 2, horizontalFlip: 'random', verticalFlip: 0.5 },
      2,
      9,
    )
    const placements = [-2, -1, 0, 1, 2].flatMap((rows) =>
      [-2, -1, 0, 1, 2].flatMap((columns) => [0, 1, 2, 3].map((flips) => ({ rows, columns, flips }))),
    )
    const matches = placements.filter(({ rows, columns, flips }) => {
      const valueAt = (i: number, j: number) => {
        const [y, x] = [i - rows, j - columns]
        if (y < 0 || y > 11 || x < 0 || x > 9) return 0
        return alone[(flips & 1 ? 11 - y : y) * 10 + (flips & 2 ? 9 - x : x)] as number
      }
      return both.every((value, k) => Math.abs(value - valueAt(Math.floor(k / 10), k % 10)) < 1e-3)
    })
    expect(matches.length).toBe(1)
  })
})

describe('erase', () => {
  const erase = { probability: 0.75, area: [0.1, 0.4], aspect: 3, fill: 'zero' } as const

  test('takes one rectangle of the stated area and ratio out of the stated share of images', () => {
    let erased = 0
    for (const i of range(1000)) {
      const output = augmented({ erase }, 0, i)
      const gone = range(SIZE).filter((k) => output[k] === 0)
      if (gone.length === 0) continue
      erased++
      const rows = new Set(gone.map((k) => Math.floor(k / 10))).size
      const columns = new Set(gone.map((k) => k % 10)).size
      expect(rows * columns).toBe(gone.length)
      // Each side is rounded to whole pixels.
      expect((rows + 0.5) * (columns + 0.5)).toBeGreaterThan(0.1 * SIZE)
      expect((rows - 0.5) * (columns - 0.5)).toBeLessThan(0.4 * SIZE)
      expect((rows + 0.5) / (columns - 0.5)).toBeGreaterThan(1 / 3)
      expect((rows - 0.5) / (columns + 0.5)).toBeLessThan(3)
      expect(output.filter((value, k) => value !== 0 && value !== IMAGE[k]).length).toBe(0)
    }
    expect(Math.abs(erased - 750)).toBeLessThan(60)
  })

  test('fills with bytes drawn for each pixel, the same in bytes and in floats', () => {
    const noise = { ...erase, probability: 1, area: [0.3, 0.3], fill: 'noise' } as const
    const still = { rotation: 0, zoom: [1, 1], shear: 0, shift: 0 } as const
    const black = new Uint8Array(SIZE)
    const values: number[] = []
    for (const i of range(200)) {
      const bytes = augmented({ erase: noise }, 0, i, 1, black)
      const floats = augmented({ erase: noise, affine: still }, 0, i, 1, black)
      expect(Array.from(floats)).toEqual(Array.from(bytes))
      values.push(...bytes.filter((value) => value > 0))
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(mean - 128)).toBeLessThan(5)
    expect(Math.max(...values)).toBe(255)
  })

  test('leaves an image alone into which no rectangle fits', () => {
    const tooWide = { ...erase, probability: 1, area: [1.5, 2], fill: 'zero' } as const
    expect(augmented({ erase: tooWide }, 0, 0)).toEqual(IMAGE)
  })
})

describe('paste', () => {
  const paste = { probability: 0.75, area: [0.1, 0.4], aspect: 3, after: 0 } as const
  /** Every pixel of an image tells which one it is. */
  const images = Uint8Array.from({ length: 8 * SIZE }, (_, i) => 1 + Math.floor(i / SIZE))
  const pasted = (settings: Partial<Augmentation>, epoch: number, seed: number) => {
    const others = { seed, epochs: 10, indices: Uint32Array.of(2, 5, 7) }
    const output = new Uint8Array(SIZE)
    new Augmenter({ ...NONE, ...settings }, EXTENTS, others).apply(epoch, 5, images, 5 * SIZE, output, 0)
    return output
  }

  test('shows that place of one image trained on, in a rectangle of the stated area, at its rate', () => {
    const seen = new Map<number, number>()
    for (const seed of range(1200)) {
      const output = pasted({ paste }, 0, seed)
      const foreign = range(SIZE).filter((k) => output[k] !== 6)
      const from = new Set(foreign.map((k) => output[k] as number))
      expect(from.size).toBeLessThan(2)
      for (const image of from) seen.set(image, (seen.get(image) ?? 0) + 1)
      if (foreign.length === 0) continue
      const rows = new Set(foreign.map((k) => Math.floor(k / 10))).size
      const columns = new Set(foreign.map((k) => k % 10)).size
      expect(rows * columns).toBe(foreign.length)
      expect((rows + 0.5) * (columns + 0.5)).toBeGreaterThan(0.1 * SIZE)
      expect((rows - 0.5) * (columns - 0.5)).toBeLessThan(0.4 * SIZE)
    }
    // A third of the time an image is pasted into itself.
    expect([...seen.keys()].sort()).toEqual([3, 8])
    for (const count of seen.values()) expect(Math.abs(count - 300)).toBeLessThan(60)
  })

  test('keeps pixels in their place', () => {
    const two = Uint8Array.from({ length: 2 * SIZE }, (_, i) => i)
    const output = new Uint8Array(SIZE)
    const others = { seed: 3, epochs: 1, indices: Uint32Array.of(1) }
    const always = { ...NONE, paste: { ...paste, probability: 1 } }
    new Augmenter(always, EXTENTS, others).apply(0, 0, two, 0, output, 0)
    const moved = range(SIZE).filter((k) => output[k] !== k)
    expect(moved.length).toBeGreaterThan(0.1 * SIZE - 10)
    for (const k of moved) expect(output[k]).toBe(SIZE + k)
  })

  test('begins after the share of epochs that come without', () => {
    const late = { paste: { ...paste, probability: 1, after: 0.45 } }
    const touched = range(10).map((epoch) =>
      range(20).some((seed) => pasted(late, epoch, seed).some((v) => v !== 6)),
    )
    // round(0.45 x 10) = 5 (4.5 is rounded up).
    expect(touched).toEqual([...Array(5).fill(false), ...Array(5).fill(true)])
  })

  test('changes no draw of the others', () => {
    const erase = { probability: 0.5, area: [0.1, 0.4], aspect: 3, fill: 'noise' } as const
    for (const seed of range(50)) {
      const [alone, both] = [pasted({ erase }, 0, seed), pasted({ erase, paste }, 0, seed)]
      const differ = range(SIZE).filter((k) => alone[k] !== both[k])
      expect(differ.every((k) => both[k] === 3 || both[k] === 8 || both[k] === 6)).toBe(true)
    }
  })
})

test('refuses images of several channels', () => {
  const create = () => new Augmenter(NONE, { ...EXTENTS, channels: 3 }, training(1))
  expect(create).toThrow('channels of images to augment: expected 1, received 3')
})
