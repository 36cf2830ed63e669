import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { nn } from '../models/nn.js'
import { lockRun } from './lock.js'
import { pathIn, type RunFolder } from './run-folder.js'

const emptyRun = async (): Promise<RunFolder> => ({
  directory: await temporaryFolder(),
  record: {} as RunFolder['record'],
  graph: nn(),
})
const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
afterAll(() => other.kill('SIGKILL'))

describe('a run that is locked', () => {
  it('is for this process alone, and only once, until it is given back', async () => {
    const run = await emptyRun()
    const unlock = await lockRun(run)
    expect(await readFile(pathIn(run, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    await expect(lockRun(run)).rejects.toThrow(`received one that process ${process.pid} trains. Wait for it`)
    await unlock()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
    await (await lockRun(run))()
  })

  it('is refused while the other process lives', async () => {
    const run = await emptyRun()
    await writeFile(pathIn(run, 'lock'), `${other.pid}\n`)
    await expect(lockRun(run)).rejects.toThrow(`received one that process ${other.pid} trains`)
    expect(await readFile(pathIn(run, 'lock'), 'utf8')).toBe(`${other.pid}\n`)
  })

  it.each([
    ['a process that is no more', '4194304'],
    ['a former process of the same number', String(process.pid)],
    ['nobody', ''],
  ])('by %s is free', async (_, content) => {
    const run = await emptyRun()
    await writeFile(pathIn(run, 'lock'), content)
    await (await lockRun(run))()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
  })
})
