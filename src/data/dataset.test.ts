import { existsSync } from 'node:fs'
import { cp, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { encodeIdx, writeDataset } from '../../test/support/idx.js'
import { FASHION_CLASSES } from './classes.js'
import { loadDataset } from './dataset.js'
import { IDX_NAMES, OFFICIAL_CHECKSUMS } from './files.js'
import { cacheFolder, userPlaces } from './locate.js'

const small = { trainCount: 12, testCount: 6, height: 5, width: 4, classes: 3 }

async function smallFolder(options = {}): Promise<string> {
  const folder = await temporaryFolder()
  await writeDataset(folder, { ...small, ...options })
  return folder
}

const swap = async (folder: string, a: string, b: string) => {
  await rename(join(folder, a), join(folder, 'held'))
  await rename(join(folder, b), join(folder, a))
  await rename(join(folder, 'held'), join(folder, b))
}

describe('loadDataset of a custom set', () => {
  it('gives the images, labels and shapes that were written', async () => {
    const folder = await temporaryFolder()
    const written = await writeDataset(folder, { ...small, gzip: true })
    const data = await loadDataset({ data: folder })
    expect(data).toMatchObject({ directory: folder, source: '--data', form: 'idx', official: false })
    expect(data).toMatchObject({ height: 5, width: 4, channels: 1, classes: ['0', '1', '2'] })
    for (const split of ['train', 'test'] as const) {
      expect(data[split].count).toBe(written[split].count)
      expect([...data[split].images]).toEqual([...written[split].images])
      expect([...data[split].labels]).toEqual([...written[split].labels])
      expect(data[split].images.buffer).toBeInstanceOf(SharedArrayBuffer)
    }
    expect(Object.keys(data.checksums)).toEqual(IDX_NAMES)
  })

  it('takes class names from classes.json and refuses labels beyond them', async () => {
    const folder = await smallFolder()
    const names = join(folder, 'classes.json')
    await writeFile(names, '["ka", "ki", "ku"]')
    expect((await loadDataset({ data: folder })).classes).toEqual(['ka', 'ki', 'ku'])
    await writeFile(names, '["ka", "ki"]')
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /train-labels-idx1-ubyte, label of image \d+: expected 0 to 1, received 2/,
    )
  })

  it.each([
    ['{"0": "ka"}', 'received {"0":"ka"}'],
    ['null', 'received null'],
    ['[]', 'received 0 names'],
    ['["ka", 3]', 'received 3 as name 1'],
    ['["ka", "ka"]', 'received "ka" as name 1'],
    ['[" "]', 'received " " as name 0'],
    ['[', 'received text that is not JSON'],
  ])('refuses classes.json of %s', async (text, message) => {
    const folder = await smallFolder()
    await writeFile(join(folder, 'classes.json'), text)
    await expect(loadDataset({ data: folder })).rejects.toThrow(message)
  })

  it('refuses labels above 9 unless the classes are named', async () => {
    const folder = await smallFolder({ trainCount: 26, testCount: 26, classes: 26 })
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /expected 0 to 9, received \d\d. More classes/,
    )
    const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
    await writeFile(join(folder, 'classes.json'), JSON.stringify(letters))
    expect((await loadDataset({ data: folder })).classes).toEqual(letters)
  })

  it.each([
    ['a byte order mark and CRLF', Buffer.from('\uFEFF["ka",\r\n"ki",\r\n"ku"]\r\n')],
    ['UTF-16', Buffer.from('\uFEFF["ka", "ki", "ku"]', 'utf16le')],
  ])('reads names saved with %s', async (_, bytes) => {
    const folder = await smallFolder()
    await writeFile(join(folder, 'classes.json'), bytes)
    expect((await loadDataset({ data: folder })).classes).toEqual(['ka', 'ki', 'ku'])
  })

  it('counts labels that begin at 1 from 0 where as many classes are named, and says so', async () => {
    const folder = await temporaryFolder()
    const written = await writeDataset(folder, { ...small, trainCount: 40, testCount: 20, classes: 12 })
    const fromOne = (labels: Uint8Array) =>
      encodeIdx(
        [labels.length],
        labels.map((label) => label + 1),
      )
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), fromOne(written.train.labels))
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), fromOne(written.test.labels))
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /expected 0 to 9, received 1\d. No label is 0: they begin at 1. Name the classes in classes.json/,
    )
    await writeFile(join(folder, 'classes.json'), JSON.stringify([...'abcdefghijkl']))
    const data = await loadDataset({ data: folder })
    expect([...data.train.labels]).toEqual([...written.train.labels])
    expect([...data.test.labels]).toEqual([...written.test.labels])
    expect(data.note).toBe('No label is 0: they begin at 1, so label 1 is the first class, a')
    // One name more than the largest label: label 0 has one as well.
    await writeFile(join(folder, 'classes.json'), JSON.stringify([...'abcdefghijklm']))
    const unused = await loadDataset({ data: folder })
    expect([...unused.train.labels]).toEqual(Array.from(written.train.labels, (label) => label + 1))
    expect(unused.note).toBe('No label is 0: no image is of class a')
  })

  it("names EMNIST's letters, whose labels begin at 1", async () => {
    const folder = await temporaryFolder()
    const written = await writeDataset(folder, { ...small, trainCount: 60, testCount: 30, classes: 26 })
    for (const name of IDX_NAMES) {
      await rename(join(folder, name), join(folder, `emnist-letters-${name.replace('t10k', 'test')}`))
    }
    const [train, test] = ['train', 'test'].map((split) =>
      join(folder, `emnist-letters-${split}-labels-idx1-ubyte`),
    )
    for (const [path, { labels }] of [
      [train, written.train],
      [test, written.test],
    ] as const) {
      await writeFile(
        path as string,
        encodeIdx(
          [labels.length],
          labels.map((label) => label + 1),
        ),
      )
    }
    const data = await loadDataset({ data: folder })
    expect(data.classes.join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    expect([...data.train.labels]).toEqual([...written.train.labels])
  })

  it('refuses files that do not belong together', async () => {
    const labels = await smallFolder()
    await swap(labels, 'train-labels-idx1-ubyte', 't10k-labels-idx1-ubyte')
    await expect(loadDataset({ data: labels })).rejects.toThrow(
      /train-labels-idx1-ubyte, number of items: expected 12 labels, .* received 6. .* seem to be swapped/,
    )
    const kinds = await smallFolder()
    await swap(kinds, 'train-labels-idx1-ubyte', 'train-images-idx3-ubyte')
    await expect(loadDataset({ data: kinds })).rejects.toThrow(
      /number of axes: expected \d \((images|labels)\)/,
    )
    const count = await smallFolder()
    await writeFile(join(count, 't10k-labels-idx1-ubyte'), encodeIdx([5], new Uint8Array(5)))
    await expect(loadDataset({ data: count })).rejects.toThrow(
      /t10k-labels.*: expected 6 labels, .* received 5$/,
    )
    const size = await smallFolder()
    await writeFile(join(size, 't10k-images-idx3-ubyte'), encodeIdx([6, 4, 4], new Uint8Array(96)))
    await expect(loadDataset({ data: size })).rejects.toThrow(
      /image size: expected 5 x 4 as in the training images, received 4 x 4/,
    )
  })

  it('refuses other than the official files in the cache', async () => {
    const places = { ...userPlaces(), env: {}, home: await temporaryFolder() }
    await writeDataset(cacheFolder(places), small)
    await expect(loadDataset({}, places)).rejects.toThrow(
      /train-images-idx3-ubyte, SHA-256 .* expected c59f468a.*, received [0-9a-f]{64}. Remove the file, or give/,
    )
  })

  it('reads the CSV pair, with the classes of Fashion-MNIST', async () => {
    const folder = await temporaryFolder()
    const header = 'label,pixel1,pixel2,pixel3,pixel4'
    await writeFile(join(folder, 'fashion-mnist_train.csv'), `${header}\n9,1,2,3,4\n0,5,6,7,8\n`)
    await writeFile(join(folder, 'fashion-mnist_test.csv'), `${header}\n3,9,9,9,9\n`)
    const data = await loadDataset({ data: folder })
    expect(data).toMatchObject({
      form: 'csv',
      height: 2,
      width: 2,
      classes: FASHION_CLASSES,
      official: false,
    })
    expect([...data.train.labels, ...data.test.labels]).toEqual([9, 0, 3])
    expect([...data.train.images]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await writeFile(join(folder, 'fashion-mnist_test.csv'), 'label,pixel1\n3,9\n')
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /expected 5 as in the training split, received 2/,
    )
    await writeFile(join(folder, 'fashion-mnist_test.csv'), `${header}\n10,9,9,9,9\n`)
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /fashion-mnist_test.csv, label of image 0: expected 0 to 9/,
    )
  })
})

const { system } = userPlaces()

describe.skipIf(!existsSync(system))('loadDataset of the official files', () => {
  it('recognises them wherever they lie', async () => {
    const places = { ...userPlaces(), env: {}, home: await temporaryFolder() }
    const data = await loadDataset({}, places)
    expect(data).toMatchObject({ source: 'system', official: true, classes: FASHION_CLASSES })
    expect(data).toMatchObject({ height: 28, width: 28, checksums: OFFICIAL_CHECKSUMS })
    expect([data.train.count, data.test.count]).toEqual([60_000, 10_000])
    // The mean of the pixels, published for the training images as 0.2860 of the range.
    const sum = data.train.images.reduce((total, pixel) => total + pixel, 0)
    expect(sum / data.train.images.length / 255).toBeCloseTo(0.286, 4)
    const copy = await temporaryFolder()
    for (const name of IDX_NAMES) await symlink(join(system, `${name}.gz`), join(copy, `${name}.gz`))
    expect((await loadDataset({ data: copy })).official).toBe(true)
  })

  it('notices two splits that were exchanged as wholes', async () => {
    const folder = await temporaryFolder()
    for (const name of IDX_NAMES) {
      const other = name.startsWith('t10k') ? name.replace('t10k', 'train') : name.replace('train', 't10k')
      await symlink(join(system, `${other}.gz`), join(folder, `${name}.gz`))
    }
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /content: expected train-images-idx3-ubyte, received the official t10k-images-idx3-ubyte/,
    )
  })

  it('refuses a file cut short', async () => {
    const folder = await temporaryFolder()
    for (const name of IDX_NAMES) await cp(join(system, `${name}.gz`), join(folder, `${name}.gz`))
    const path = join(folder, 'train-images-idx3-ubyte.gz')
    await writeFile(path, (await readFile(path)).subarray(0, 1_000_000))
    await expect(loadDataset({ data: folder })).rejects.toThrow(
      /train-images-idx3-ubyte.gz, gzip stream: expected a complete gzip file, received one that is cut short/,
    )
  })
})
