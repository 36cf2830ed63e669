import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { AtelierError } from '../core/errors.js'
import { listSources } from './sources.js'

it('lists files as given and the images of folders by their names', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'm', 'inner'), { recursive: true })
  for (const file of ['z.png', 'a.JPG', 'notes.txt', 'm/k.webp', 'm/inner/q.tif', 'm/x.json']) {
    await writeFile(join(folder, file), file)
  }
  const notes = join(folder, 'notes.txt')
  const sources = await listSources([notes, folder, '-'])
  const names = ['a.JPG', 'm/inner/q.tif', 'm/k.webp', 'z.png'].map((name) => join(folder, name))
  expect(sources.map(({ name }) => name)).toEqual([notes, ...names, '-'])
  expect(Buffer.from((await sources[1]?.read()) as Uint8Array).toString()).toBe('a.JPG')
})

it('leaves out what is hidden, as macOS has it beside its files, and tells of HEICs', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, '.trash'))
  for (const file of ['a.jpg', '._a.jpg', '.trash/b.png', 'c.HEIC', 'd.heif']) {
    await writeFile(join(folder, file), file)
  }
  const sources = await listSources([folder])
  expect(sources.map(({ name }) => name)).toEqual(
    ['a.jpg', 'c.HEIC', 'd.heif'].map((file) => join(folder, file)),
  )
  for (const { name, read } of sources.slice(1)) {
    await expect(read()).rejects.toThrow(`${name}: expected an image (PNG, JPEG,`)
    await expect(read()).rejects.toThrow('received a HEIC. Export it as JPEG')
  }
  // By its own name it is wanted.
  expect((await listSources([join(folder, '._a.jpg')])).map(({ name }) => name)).toEqual([
    join(folder, '._a.jpg'),
  ])
})

it('lets what cannot be found or read fail by itself', async () => {
  const folder = await temporaryFolder()
  const missing = join(folder, 'missing.png')
  const [file, empty] = await listSources([missing, folder])
  const error: unknown = await file?.read().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AtelierError)
  expect((error as AtelierError).message).toBe(`${missing}: expected an image file, received no such file`)
  await expect(empty?.read()).rejects.toThrow(
    `${folder}: expected a folder with image files, received none in it`,
  )
})

it.skipIf(process.platform === 'win32')('does not wait for pipes, nor read devices', async () => {
  const folder = await temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'pipe.png')])
  for (const source of await listSources([folder, '/dev/zero'])) {
    await expect(source.read()).rejects.toThrow(
      `${source.name}: expected an image file, received no regular file. Hand its bytes to standard input, which is -`,
    )
  }
})
