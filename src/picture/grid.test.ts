import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { FASHION_CLASSES } from '../data/classes.js'
import { type Dataset, loadDataset } from '../data/dataset.js'
import { canDraw, GLYPH_HEIGHT, setText } from './bitmap-font.js'
import { renderGrid, writeGrid } from './grid.js'

async function smallDataset(trainCount = 30, classes = 10): Promise<Dataset> {
  const folder = await temporaryFolder()
  await writeDataset(folder, { trainCount, testCount: 10, classes })
  return loadDataset({ data: folder })
}

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { ...info, at: (x: number, y: number) => data[y * info.width + x] as number, data }
}

describe('renderGrid', () => {
  it('draws the first 25 images, dark on white, five times enlarged, row by row', async () => {
    const dataset = await smallDataset()
    const { at, width, height, channels } = await pixelsOf(await renderGrid(dataset))
    expect([width, height, channels]).toEqual([836, 976, 1])
    for (const index of [0, 4, 5, 24]) {
      const [left, top] = [28 + (index % 5) * 160, 28 + Math.floor(index / 5) * 188]
      for (const [x, y] of [
        [0, 0],
        [27, 0],
        [13, 20],
        [27, 27],
      ] as const) {
        const expected = 255 - (dataset.train.images[index * 784 + y * 28 + x] as number)
        expect([at(left + 5 * x, top + 5 * y), at(left + 5 * x + 4, top + 5 * y + 4)]).toEqual([
          expected,
          expected,
        ])
      }
    }
  })

  it('sets the class name under each image', async () => {
    const dataset = { ...(await smallDataset()), classes: FASHION_CLASSES }
    const { at } = await pixelsOf(await renderGrid(dataset))
    const text = setText(FASHION_CLASSES[dataset.train.labels[7] as number] as string)
    const left = Math.round(28 + 2 * 160 + 70 - text.width)
    const top = 28 + 188 + 140 + 10
    for (let y = 0; y < GLYPH_HEIGHT; y++) {
      for (let x = 0; x < text.width; x++) {
        expect(at(left + 2 * x, top + 2 * y)).toBe(text.ink[y * text.width + x] ? 0x20 : 255)
      }
    }
  })

  it('leaves cells empty where there are fewer images', async () => {
    const { data, width } = await pixelsOf(await renderGrid(await smallDataset(4, 2)))
    const below = data.subarray(width * (28 + 188))
    expect(below.every((grey) => grey === 255)).toBe(true)
  })

  it('shrinks and cuts long names, and leaves other scripts to the fonts', async () => {
    const dataset = await smallDataset(3, 3)
    const long = 'A name that is far too long for the room that there is under an image'
    const { data } = await pixelsOf(await renderGrid({ ...dataset, classes: [long, '<お>', 'c'] }))
    expect(data.includes(0x20)).toBe(true)
  })
})

describe('writeGrid', () => {
  it('writes a PNG and leaves nothing else behind', async () => {
    const folder = await temporaryFolder()
    const dataset = await smallDataset()
    await writeGrid(dataset, join(folder, 'grid.png'))
    expect(await readdir(folder)).toEqual(['grid.png'])
    expect((await readFile(join(folder, 'grid.png'))).equals(await renderGrid(dataset))).toBe(true)
    await expect(writeGrid(dataset, join(folder, 'grid.png', 'grid.png'))).rejects.toThrow(
      /grid.png: expected a writable folder, received EEXIST/,
    )
  })
})

describe('setText', () => {
  it('knows every character of the names of Fashion-MNIST and of numbers', () => {
    expect([...FASHION_CLASSES, '0123456789'].every(canDraw)).toBe(true)
    expect(canDraw('お')).toBe(false)
  })

  it('sets glyphs side by side with a column between them', () => {
    const { width, ink } = setText('il')
    const rows = Array.from({ length: GLYPH_HEIGHT }, (_, y) =>
      ink.subarray(y * width, (y + 1) * width).join(''),
    )
    expect(rows).toEqual(['1010', '0010', '1010', '1010', '1010', '1010', '1001', '0000', '0000'])
  })

  it('keeps every glyph within its width, and shows ink for all but the space', () => {
    for (let code = 33; code < 127; code++) {
      const character = String.fromCharCode(code)
      if (!canDraw(character)) continue
      const { width: single, ink } = setText(character)
      expect(ink.includes(1)).toBe(true)
      const pair = setText(character + character)
      for (let y = 0; y < GLYPH_HEIGHT; y++) expect(pair.ink[y * pair.width + single]).toBe(0)
    }
  })
})
