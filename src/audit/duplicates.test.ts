import { describe, expect, test } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { findDuplicates, type ImageSplits, type Pair, type PairKind, pairKinds } from './duplicates.js'

const [HEIGHT, WIDTH] = [9, 7]
const SIZE = HEIGHT * WIDTH

/** Smooth random pictures: garments are such, and some come near each other by chance. */
function pictures(count: number, seed: number): Uint8Array {
  const random = new Random(keyOf(seed, 'pictures'))
  const images = new Uint8Array(count * SIZE)
  for (let image = 0; image < count; image++) {
    const [a, b, c, d] = Array.from({ length: 4 }, () => random.between(-1, 1)) as [
      number,
      number,
      number,
      number,
    ]
    for (let i = 0; i < SIZE; i++) {
      const [y, x] = [Math.floor(i / WIDTH) / HEIGHT, (i % WIDTH) / WIDTH]
      const value = a * y + b * x + c * Math.sin(6 * y) + d * Math.cos(5 * x + y) + 0.02 * random.uniform()
      images[image * SIZE + i] = Math.round(127 + 40 * value)
    }
  }
  return images
}

function splits(train: Uint8Array, test: Uint8Array): ImageSplits {
  const split = (images: Uint8Array) => ({ images, count: images.length / SIZE })
  return { height: HEIGHT, width: WIDTH, train: split(train), test: split(test) }
}

/** By definition: every pair, by the distance of the images less their means over their norms. */
function bruteForce({ train, test }: ImageSplits, most: number): Record<PairKind, Pair[]> {
  const places = [
    ...Array.from({ length: train.count }, (_, index) => ({ split: 'train', index }) as const),
    ...Array.from({ length: test.count }, (_, index) => ({ split: 'test', index }) as const),
  ]
  const vectors = places.map(({ split, index }) => {
    const pixels = [...(split === 'train' ? train : test).images.subarray(index * SIZE, (index + 1) * SIZE)]
    const mean = pixels.reduce((a, b) => a + b, 0) / SIZE
    const norm = Math.hypot(...pixels.map((pixel) => pixel - mean))
    return pixels.map((pixel) => (pixel - mean) / norm)
  })
  const all: Record<PairKind, Pair[]> = { 'train-test': [], train: [], test: [] }
  places.forEach((first, a) => {
    places.slice(a + 1).forEach((second, k) => {
      const kind = first.split === second.split ? first.split : 'train-test'
      const other = vectors[a + 1 + k] as number[]
      const distance = Math.hypot(...(vectors[a] as number[]).map((value, i) => value - (other[i] as number)))
      all[kind].push({ first, second, distance })
    })
  })
  for (const kind of pairKinds) all[kind] = all[kind].sort((x, y) => x.distance - y.distance).slice(0, most)
  return all
}

describe('near-duplicates', () => {
  test('are the same pairs that comparing all with all finds', () => {
    const data = splits(pictures(200, 1), pictures(80, 2))
    const expected = bruteForce(data, 12)
    const { nearest, exact } = findDuplicates(data, 12)
    expect(exact).toEqual([])
    for (const kind of pairKinds) {
      expect(nearest[kind].map(({ first, second }) => [first, second])).toEqual(
        expected[kind].map(({ first, second }) => [first, second]),
      )
      nearest[kind].forEach(({ distance }, i) => {
        expect(distance).toBeCloseTo(expected[kind][i]?.distance ?? Number.NaN, 5)
      })
    }
  })

  test('are found whatever their exposure', () => {
    const train = pictures(50, 3)
    const darker = train.slice(7 * SIZE, 8 * SIZE).map((pixel) => Math.round(0.8 * pixel + 10))
    const { nearest } = findDuplicates(splits(train, darker), 3)
    expect(nearest['train-test'][0]).toMatchObject({
      first: { split: 'train', index: 7 },
      second: { index: 0 },
    })
    expect(nearest['train-test'][0]?.distance).toBeLessThan(0.05)
    expect(nearest.test).toEqual([])
  })

  test('leave out copies, which are listed by themselves', () => {
    const train = pictures(60, 4)
    train.copyWithin(20 * SIZE, 5 * SIZE, 6 * SIZE)
    const test = new Uint8Array(3 * SIZE)
    test.set(pictures(3, 5))
    test.set(train.subarray(5 * SIZE, 6 * SIZE), SIZE)
    const { exact, nearest } = findDuplicates(splits(train, test), 5)
    expect(exact).toEqual([
      [
        { split: 'train', index: 5 },
        { split: 'train', index: 20 },
        { split: 'test', index: 1 },
      ],
    ])
    expect(pairKinds.flatMap((kind) => nearest[kind]).every(({ distance }) => distance > 0)).toBe(true)
  })

  test('of blank images are no trouble', () => {
    const train = pictures(4, 6)
    train.fill(0, 0, SIZE)
    train.fill(255, SIZE, 2 * SIZE)
    const { nearest } = findDuplicates(splits(train, pictures(1, 7)), 10)
    expect(nearest.train).toHaveLength(6)
    expect(nearest.train.every(({ distance }) => Number.isFinite(distance))).toBe(true)
  })
})
