/**
 * One process at a time trains in a run's folder: the file `lock` names it, and is written again every few seconds. On
 * the same machine the system tells whether the process still runs. From elsewhere, on a shared disk or in another
 * container, nobody can tell: there a lock that has not been written for a while counts as left behind.
 */
import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AtelierError, mismatch } from '../core/errors.js'
import { cleanUp, onDisk, removeLeftovers, temporaryName } from '../core/files.js'
import { quoted } from '../core/shell.js'
import { hasNumber, identitySchema, isRunning, ownIdentity } from './process-identity.js'
import { pathIn, type RunFolder } from './run-folder.js'

const RENEWED_SECONDS = 10
/** A lock from elsewhere that is older than this was left behind. */
export const LEASE_SECONDS = 60

const lockSchema = identitySchema.extend({
  /** Of this very lock. */
  id: z.string(),
})
type LockFile = z.infer<typeof lockSchema>

/** A run that this process has for itself. */
export interface RunLock {
  /** @throws AtelierError where another process has taken the run, as it may once this one has stood still for long. */
  check(): Promise<void>
  release(): Promise<void>
}

/** Files that this process holds. */
const held = new Set<string>()

/**
 * Takes a run for this process. One that was killed loses what it held.
 *
 * @throws AtelierError where another process trains in it, or the folder cannot be written.
 */
export async function lockRun(run: RunFolder): Promise<RunLock> {
  const file = pathIn(run, 'lock')
  if (held.has(file)) throw taken(run, `process ${process.pid} trains`)
  const own = { ...(await ownIdentity()), id: randomUUID() }
  const content = `${JSON.stringify(own)}\n`
  await take(run, file, content)
  held.add(file)
  await removeLeftovers(run.directory)
  const renewal = setInterval(() => void renew(file, own), 1000 * RENEWED_SECONDS)
  renewal.unref()
  return {
    check: async () => {
      // Somebody may have removed it, who took it for one that was left behind.
      if ((await isOwn(file, own)) || (await created(file, content))) return
      const hint = 'This process stood still for so long that another one took it: leave it to that one'
      throw new AtelierError(
        mismatch(run.directory, 'a run that this process trains', 'one taken away', hint),
      )
    },
    release: async () => {
      clearInterval(renewal)
      held.delete(file)
      // Where it cannot be removed it counts as left behind once this process has ended.
      if (await isOwn(file, own)) await cleanUp(file)
    },
  }
}

/** Makes the file, in the place of one that was left behind. */
async function take(run: RunFolder, file: string, content: string): Promise<void> {
  if (await created(file, content)) return
  const found = await readFile(file, 'utf8').catch(() => '')
  const owner = await livingOwner(file, found)
  if (owner !== null) throw taken(run, owner)
  // Others may find it left behind at the same moment: only one of them moves this very file away.
  const aside = temporaryName(file)
  await rename(file, aside).catch(() => {})
  const moved = await readFile(aside, 'utf8').catch(() => found)
  if (moved !== found) await link(aside, file).catch(() => {})
  await cleanUp(aside)
  if (moved !== found || !(await created(file, content))) throw taken(run, 'another process has just taken')
}

/** Makes the file with all its content at once; false where there is one already. */
async function created(file: string, content: string): Promise<boolean> {
  const whole = temporaryName(file)
  try {
    return await onDisk(dirname(file), async () => {
      try {
        await writeFile(whole, content, { flag: 'wx' })
        // Some disks have no links: there a reader might see an empty file.
        await link(whole, file).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') throw error
          return writeFile(file, content, { flag: 'wx' })
        })
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      }
    })
  } finally {
    await cleanUp(whole)
  }
}

function taken(run: RunFolder, owner: string): AtelierError {
  const hint = `Wait for it or stop it; if that is no training, remove ${quoted(pathIn(run, 'lock'))}`
  return new AtelierError(mismatch(run.directory, 'a run that nobody trains', `one that ${owner}`, hint))
}

/** Who trains, in words, as far as the lock's text tells; null where nobody does any more. */
async function livingOwner(file: string, text: string): Promise<string | null> {
  const lock = parseLock(text)
  if (lock === null) return ownerByNumber(Number(text))
  const running = await isRunning(lock)
  if (running === false) return null
  if (running) return `process ${lock.pid} trains`
  const age = await secondsSinceWritten(file)
  if (age > LEASE_SECONDS) return null
  const free = `free in ${Math.ceil(LEASE_SECONDS - age)} s unless it goes on`
  return `process ${lock.pid} on ${lock.host} trains (${free})`
}

/** Locks of older versions hold the process's number alone; a new process may have the number of a former one. */
const ownerByNumber = (pid: number): string | null =>
  Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid && hasNumber(pid)
    ? `process ${pid} trains`
    : null

function parseLock(text: string): LockFile | null {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** By the clock of the disk, which another machine's file has its time from as well. */
async function secondsSinceWritten(file: string): Promise<number> {
  const probe = temporaryName(file)
  try {
    await writeFile(probe, '')
    const [now, then] = await Promise.all([stat(probe), stat(file)])
    return (now.mtimeMs - then.mtimeMs) / 1000
  } catch {
    // Gone, or in a folder that cannot be written: the attempt to make it tells.
    return Number.POSITIVE_INFINITY
  } finally {
    await cleanUp(probe)
  }
}

const isOwn = async (file: string, own: LockFile): Promise<boolean> =>
  parseLock(await readFile(file, 'utf8').catch(() => ''))?.id === own.id

/** Writes the same bytes again, in place, so that the disk sets the time and nobody sees half a file. */
async function renew(file: string, own: LockFile): Promise<void> {
  const handle = await open(file, 'r+').catch(() => null)
  try {
    const text = (await handle?.readFile('utf8')) ?? ''
    if (parseLock(text)?.id === own.id) await handle?.write(text, 0)
  } catch {
    // A disk that fails for a moment: the next time may do.
  } finally {
    await handle?.close()
  }
}
