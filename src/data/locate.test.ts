import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { cacheFolder, locateData, type Places } from './locate.js'

const small = { trainCount: 4, testCount: 2, height: 3, width: 3 }

async function emptyPlaces(env: Places['env'] = {}): Promise<Places> {
  const root = await temporaryFolder()
  return { env, platform: 'linux', home: join(root, 'home'), system: join(root, 'system') }
}

it('finds nothing where there is nothing', async () => {
  expect(await locateData(undefined, await emptyPlaces())).toBeUndefined()
})

it('prefers --data, then ATELIER_DATA, then the cache, then the system folder', async () => {
  const places = await emptyPlaces()
  const [flag, variable] = [join(places.home, 'flag'), join(places.home, 'variable')]
  const sourceNow = async (data: string | undefined, env: Places['env']) =>
    (await locateData(data, { ...places, env }))?.source
  await writeDataset(places.system, small)
  expect(await sourceNow(undefined, {})).toBe('system')
  await writeDataset(cacheFolder(places), small)
  expect(await sourceNow(undefined, {})).toBe('cache')
  await writeDataset(variable, small)
  expect(await sourceNow(undefined, { ATELIER_DATA: variable })).toBe('ATELIER_DATA')
  await writeDataset(flag, small)
  expect(await sourceNow(flag, { ATELIER_DATA: variable })).toBe('--data')
  expect(await sourceNow(undefined, { ATELIER_DATA: '' })).toBe('cache')
})

it('passes over a cache that is incomplete or of another form, as after a broken download', async () => {
  const places = await emptyPlaces()
  await writeDataset(places.system, small)
  const cache = cacheFolder(places)
  await writeDataset(cache, small)
  await rm(join(cache, 't10k-labels-idx1-ubyte'))
  expect((await locateData(undefined, places))?.source).toBe('system')
  await writeFile(join(cache, 'fashion-mnist_train.csv'), '')
  await writeFile(join(cache, 'fashion-mnist_test.csv'), '')
  expect((await locateData(undefined, places))?.source).toBe('system')
})

it('refuses a folder the user named that is missing, a file, empty or incomplete', async () => {
  const places = await emptyPlaces()
  await writeDataset(places.system, small)
  const folder = join(places.home, 'data')
  await expect(locateData(folder, places)).rejects.toThrow(/^--data .*received no such folder/)
  await mkdir(folder, { recursive: true })
  await expect(locateData(folder, places)).rejects.toThrow(
    /one without them. The files are train-images-idx3/,
  )
  await writeFile(join(folder, 't10k-labels-idx1-ubyte.gz'), '')
  await expect(locateData(folder, places)).rejects.toThrow(
    /incomplete. Missing: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte \(/,
  )
  const env = { ATELIER_DATA: join(folder, 't10k-labels-idx1-ubyte.gz') }
  await expect(locateData(undefined, { ...places, env })).rejects.toThrow(
    /^ATELIER_DATA .*received a file: give/,
  )
})

it('knows the dotted spelling, and takes IDX before CSV and plain before gzipped', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'fashion-mnist_train.csv'), '')
  await writeFile(join(folder, 'fashion-mnist_test.csv'), '')
  expect((await locateData(folder))?.files.form).toBe('csv')
  await writeDataset(folder, { ...small, gzip: true })
  for (const name of await readdir(folder))
    await rename(join(folder, name), join(folder, name.replace('-idx', '.idx')))
  const dotted = (await locateData(folder))?.files
  expect(dotted?.paths).toHaveProperty('train-images-idx3-ubyte', join(folder, 'train-images.idx3-ubyte.gz'))
  await writeDataset(folder, small)
  const plain = (await locateData(folder))?.files
  expect(plain?.paths).toHaveProperty('train-images-idx3-ubyte', join(folder, 'train-images-idx3-ubyte'))
})

it('puts the cache where XDG_CACHE_HOME or the platform says', () => {
  const places = { env: {}, platform: 'linux', home: '/home/ada', system: '' }
  expect(cacheFolder(places)).toBe('/home/ada/.cache/atelier/fashion-mnist')
  expect(cacheFolder({ ...places, platform: 'darwin' })).toBe(
    '/home/ada/Library/Caches/atelier/fashion-mnist',
  )
  expect(cacheFolder({ ...places, env: { XDG_CACHE_HOME: '/var/c' } })).toBe('/var/c/atelier/fashion-mnist')
  expect(cacheFolder({ ...places, env: { XDG_CACHE_HOME: 'c' } })).toBe(
    '/home/ada/.cache/atelier/fashion-mnist',
  )
})

describe('a named folder that holds none of the files itself', () => {
  const torchvision = 'FashionMNIST/raw'
  const rename4 = async (folder: string, prefix: string, by = (name: string) => name) => {
    for (const name of (await readdir(folder)).filter((one) => /^(train|t10k)-/.test(one))) {
      await rename(join(folder, name), join(folder, prefix + by(name)))
    }
  }

  it.each([torchvision, 'FashionMNIST', '.'])(
    'is looked into, as torchvision leaves it: --data %s',
    async (data) => {
      const root = await temporaryFolder()
      const raw = join(root, torchvision)
      await writeDataset(raw, small)
      expect(await locateData(join(root, data))).toMatchObject({ directory: raw, files: { form: 'idx' } })
    },
  )

  it("knows EMNIST's names, where there is one of its sets, and asks which where there are several", async () => {
    const root = await temporaryFolder()
    const gzip = join(root, 'gzip')
    const add = async (name: string) => {
      await writeDataset(gzip, { ...small, gzip: true })
      await rename4(gzip, `emnist-${name}-`, (file) => file.replace('t10k', 'test'))
    }
    await add('letters')
    const letters = join(gzip, 'emnist-letters')
    for (const data of [root, gzip, letters]) {
      const found = await locateData(data)
      expect(found?.directory).toBe(letters)
      expect(found?.files.paths).toHaveProperty(
        't10k-labels-idx1-ubyte',
        join(gzip, 'emnist-letters-test-labels-idx1-ubyte.gz'),
      )
    }
    await add('digits')
    const which = `received several: ${join(gzip, 'emnist-digits')}, ${letters}. Give one of them: --data ${join(gzip, 'emnist-digits')}`
    await expect(locateData(gzip)).rejects.toThrow(which)
    expect((await locateData(letters))?.directory).toBe(letters)
  })

  it('is named with what it holds where nothing is found', async () => {
    const root = await temporaryFolder()
    for (const name of ['a.png', 'b.png', 'c.png', 'd.png']) await writeFile(join(root, name), '')
    await expect(locateData(root)).rejects.toThrow(
      'received one without them (it holds a.png, b.png, c.png and 1 more). The files are train-images-idx3-ubyte',
    )
  })
})
