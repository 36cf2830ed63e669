import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { FASHION_CLASSES } from '../data/classes.js'
import { loadDataset } from '../data/dataset.js'
import { setText } from '../picture/bitmap-font.js'
import { type NamedPredictions, renderGallery, writeGallery } from './gallery.js'

async function setUp() {
  const folder = await temporaryFolder()
  await writeDataset(folder, { trainCount: 10, testCount: 40 })
  const dataset = { ...(await loadDataset({ data: folder })), classes: FASHION_CLASSES }
  const { labels } = dataset.test
  /** Right but for the images in `wrong`, whose next class it takes, the surer the later they stand there. */
  const model = (id: string, wrong: readonly number[]): NamedPredictions => {
    const logits = new Float32Array(10 * labels.length)
    labels.forEach((label, image) => {
      const place = wrong.indexOf(image)
      logits[10 * image + (place < 0 ? label : (label + 1) % 10)] = 1 + 0.1 * (place + 1)
    })
    return { id, name: `model ${id}`, predictions: { logits, labels, count: labels.length } }
  }
  return { folder, dataset, model }
}

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, at: (x: number, y: number) => data[y * info.width + x] }
}

describe('renderGallery', () => {
  it('draws the images that one has right and the other wrong, the surest mistake first', async () => {
    const { dataset, model } = await setUp()
    const png = await renderGallery(dataset, model('A', [7]), model('B', [3, 9, 5]))
    const { width, height, at } = await pixelsOf(png)
    // Two rows of cells (140 + 3 x 24 + 28) under titles (24 + 28), in margins of 28.
    expect([width, height]).toEqual([2 * 28 + 5 * 240, 28 + 2 * 52 + 2 * 240])
    const cells = [
      [5, 28, 80],
      [9, 268, 80],
      [3, 508, 80],
      [7, 28, 372],
    ] as const
    for (const [image, left, top] of cells) {
      for (const [x, y] of [
        [0, 0],
        [13, 20],
        [27, 27],
      ] as const) {
        const ink = dataset.test.images[image * 784 + y * 28 + x] as number
        expect(at(left + 50 + 5 * x, top + 5 * y)).toBe(255 - ink)
      }
    }
  })

  it('says under each what both made of it', async () => {
    const { dataset, model } = await setUp()
    const { at } = await pixelsOf(await renderGallery(dataset, model('A', []), model('B', [3])))
    const label = dataset.test.labels[3] as number
    const { exp } = Math
    const lines = [
      `3: ${FASHION_CLASSES[label]}`,
      `A: ${FASHION_CLASSES[label]} ${(exp(1) / (exp(1) + 9)).toFixed(2)}`,
      `B: ${FASHION_CLASSES[(label + 1) % 10]} ${(exp(1.1) / (exp(1.1) + 9)).toFixed(2)}`,
    ]
    lines.forEach((line, number) => {
      const text = setText(line)
      const [left, top] = [28 + 120 - text.width, 80 + 140 + 8 + 24 * number]
      text.ink.forEach((ink, i) => {
        const [x, y] = [i % text.width, Math.floor(i / text.width)]
        expect(at(left + 2 * x, top + 2 * y)).toBe(ink ? 0x20 : 255)
      })
    })
  })

  it('shows at most 20 of each kind', async () => {
    const { folder, dataset, model } = await setUp()
    const file = join(folder, 'pictures', 'differences.png')
    const many = Array.from({ length: 33 }, (_, image) => image)
    await writeGallery(file, dataset, model('A', many), model('B', []))
    expect((await sharp(file).metadata()).height).toBe(28 + 2 * 52 + 4 * 240)
    expect(await readdir(join(folder, 'pictures'))).toEqual(['differences.png'])
  })
})
