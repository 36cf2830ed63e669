import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AtelierError } from './errors.js'
import { cleanUp, createFolder, moveOver, writeFileAtomically } from './files.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('writeFileAtomically', () => {
  it('makes the folders and writes text, bytes and pieces', async () => {
    const path = join(folder, 'a', 'b', 'file')
    await writeFileAtomically(path, 'größe')
    expect(await readFile(path, 'utf8')).toBe('größe')
    await writeFileAtomically(path, Uint8Array.of(1, 2, 3))
    expect([...(await readFile(path))]).toEqual([1, 2, 3])
    await writeFileAtomically(
      path,
      (async function* () {
        yield Uint8Array.of(4, 5)
        yield new Uint8Array(new Uint8Array([9, 6, 9]).buffer, 1, 1)
      })(),
    )
    expect([...(await readFile(path))]).toEqual([4, 5, 6])
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file'])
  })

  it('keeps the old file, and leaves nothing else, when the content fails', async () => {
    const path = join(folder, 'file')
    await writeFileAtomically(path, 'old')
    const failing = (function* () {
      yield Uint8Array.of(1)
      throw new Error('the source broke')
    })()
    await expect(writeFileAtomically(path, failing)).rejects.toThrow('the source broke')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['file'])
  })

  it('says what a folder must be that cannot be written', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const failure = await writeFileAtomically(join(file, 'below', 'x'), '').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AtelierError)
    expect((failure as AtelierError).message).toMatch(
      /file\/below: expected a writable folder, received ENOTDIR.*A file stands where a folder has to be/,
    )
    await expect(createFolder(file)).rejects.toThrow(/expected a writable folder, received EEXIST/)
  })

  it('takes folders as they are, and several at once', async () => {
    await createFolder('/')
    await createFolder('.')
    const deep = join(folder, 'a', 'b', 'c')
    await Promise.all([createFolder(deep), createFolder(join(folder, 'a', 'b')), createFolder(deep)])
    await writeFileAtomically(join(deep, 'x'), '')
    expect(await readdir(deep)).toEqual(['x'])
  })

  it.runIf(process.platform === 'linux')('gives up on folders in which none can be made', async () => {
    await expect(createFolder('/proc/atelier/run')).rejects.toThrow(
      /expected a writable folder, received ENOENT/,
    )
  })

  it('refuses to replace a folder', async () => {
    await createFolder(join(folder, 'taken'))
    await expect(writeFileAtomically(join(folder, 'taken'), 'x')).rejects.toThrow(
      /A folder stands where the file/,
    )
    expect(await readdir(folder)).toEqual(['taken'])
  })
})

describe('cleanUp', () => {
  it('leaves what it cannot remove, and is not what fails', async () => {
    // As a file on a disk that has become read-only.
    await createFolder(join(folder, 'a'))
    await expect(rm(join(folder, 'a'), { force: true })).rejects.toThrow()
    await cleanUp(join(folder, 'a'))
    await cleanUp(join(folder, 'none'))
    expect(await readdir(folder)).toEqual(['a'])
    await writeFile(join(folder, 'b'), '')
    await cleanUp(join(folder, 'b'))
    expect(await readdir(folder)).toEqual(['a'])
  })
})

describe('moveOver', () => {
  const inUse = (code: string) => Object.assign(new Error(code), { code })
  const failing = (codes: readonly string[]) => {
    const left = [...codes]
    return async () => {
      const code = left.shift()
      if (code !== undefined) throw inUse(code)
    }
  }

  it('waits until a file that is open elsewhere is closed, and no longer than it was told', async () => {
    const waits = [1, 1]
    await moveOver('a', 'b', { waits, move: failing(['EPERM', 'EBUSY']) })
    await expect(moveOver('a', 'b', { waits, move: failing(['EPERM', 'EBUSY', 'EACCES']) })).rejects.toThrow(
      'EACCES',
    )
    await expect(moveOver('a', 'b', { waits, move: failing(['ENOSPC']) })).rejects.toThrow('ENOSPC')
    await expect(moveOver('a', 'b', { waits: [], move: failing(['EPERM']) })).rejects.toThrow('EPERM')
  })
})
