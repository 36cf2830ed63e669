import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { temporaryName } from '../core/files.js'
import { nn } from '../models/nn.js'
import { LEASE_SECONDS, lockRun } from './lock.js'
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js'
import { pathIn, type RunFolder } from './run-folder.js'

const emptyRun = async (): Promise<RunFolder> => ({
  directory: await temporaryFolder(),
  record: {} as RunFolder['record'],
  graph: nn(),
})
const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
afterAll(() => other.kill('SIGKILL'))

/** A lock as another process left it. */
async function lockOf(run: RunFolder, owner: Partial<ProcessIdentity>): Promise<string> {
  const text = `${JSON.stringify({ ...(await ownIdentity()), ...owner, id: 'another' })}\n`
  await writeFile(pathIn(run, 'lock'), text)
  return text
}
const secondsAgo = (run: RunFolder, seconds: number) => {
  const time = Date.now() / 1000 - seconds
  return utimes(pathIn(run, 'lock'), time, time)
}
/** Only Linux says when a process began, and which boot this is. */
const tells = (await ownIdentity()).started !== null

describe('a run that is locked', () => {
  it('is for this process alone, and only once, until it is given back', async () => {
    const run = await emptyRun()
    const lock = await lockRun(run)
    expect(JSON.parse(await readFile(pathIn(run, 'lock'), 'utf8'))).toMatchObject(await ownIdentity())
    await expect(lockRun(run)).rejects.toThrow(`received one that process ${process.pid} trains. Wait for it`)
    await lock.check()
    await lock.release()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
    await (await lockRun(run)).release()
    expect(await readdir(run.directory)).toEqual([])
  })

  it('loses what a process that was killed while it wrote has left', async () => {
    const run = await emptyRun()
    for (const name of [temporaryName(pathIn(run, 'last')), join(run.directory, 'notes.part')]) {
      await writeFile(name, 'half')
    }
    await (await lockRun(run)).release()
    expect(await readdir(run.directory)).toEqual(['notes.part'])
  })

  it('is refused while the other process lives, though it has long written nothing', async () => {
    const run = await emptyRun()
    await writeFile(pathIn(run, 'lock'), `${other.pid}\n`)
    await expect(lockRun(run)).rejects.toThrow(`received one that process ${other.pid} trains`)
    expect(await readFile(pathIn(run, 'lock'), 'utf8')).toBe(`${other.pid}\n`)
    if (!tells) return
    const stat = await readFile(`/proc/${other.pid}/stat`, 'utf8')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] as string
    const text = await lockOf(run, { pid: other.pid as number, started })
    await secondsAgo(run, 10 * LEASE_SECONDS)
    await expect(lockRun(run)).rejects.toThrow(`received one that process ${other.pid} trains`)
    expect(await readFile(pathIn(run, 'lock'), 'utf8')).toBe(text)
  })

  it.runIf(tells)('by a process whose number another one has by now is free', async () => {
    const run = await emptyRun()
    await lockOf(run, { pid: other.pid as number, started: '1' })
    await (await lockRun(run)).release()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
  })

  it.runIf(tells)("counts others' processes too: they show when they began", async () => {
    expect(await isRunning({ ...(await ownIdentity()), pid: 1, started: '1' })).toBe(false)
    expect(await isRunning(await ownIdentity())).toBe(true)
  })

  it.each([
    ['another machine', { host: 'elsewhere', boot: 'other' }],
    ['another container', { host: 'c0ffee', namespace: 'pid:[1]' }],
  ])('from %s is free when nobody has renewed it for a while', async (_, owner) => {
    const run = await emptyRun()
    await lockOf(run, owner)
    await expect(lockRun(run)).rejects.toThrow(
      /received one that process \d+ on \w+ trains \(free in \d+ s unless it goes on\)/,
    )
    await secondsAgo(run, LEASE_SECONDS + 5)
    await (await lockRun(run)).release()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
  })

  it.each([
    ['a process that is no more', '4194304'],
    ['a former process of the same number', String(process.pid)],
    ['nobody', ''],
  ])('by %s is free', async (_, content) => {
    const run = await emptyRun()
    await writeFile(pathIn(run, 'lock'), content)
    await (await lockRun(run)).release()
    expect(existsSync(pathIn(run, 'lock'))).toBe(false)
  })

  it('that another process has taken is given up, and left to it', async () => {
    const run = await emptyRun()
    const lock = await lockRun(run)
    const text = await lockOf(run, { host: 'elsewhere', boot: 'other' })
    await expect(lock.check()).rejects.toThrow(
      'expected a run that this process trains, received one taken away',
    )
    await lock.release()
    expect(await readFile(pathIn(run, 'lock'), 'utf8')).toBe(text)
  })
})
