/**
 * Writing files so that a reader never sees half of one, reading those of text, and telling by their content whether
 * they are the same.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { AtelierError, messageOf, mismatch } from './errors.js'
import { decodeText } from './text.js'

/** What a file is written from: all at once, or piece by piece so that large files need no second copy. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * Writes a file under a temporary name in the same folder (made where it is missing), flushes it to the disk
 * and renames it: whatever happens, the path holds either the old file or the whole new one.
 *
 * @throws AtelierError when the folder cannot be written; what the content's iterator throws passes through.
 */
export function writeFileAtomically(path: string, content: FileContent): Promise<void> {
  return writeAside(path, content, (temporary) => moveOver(temporary, path))
}

/**
 * As `writeFileAtomically`, but for a file that is not there yet: of several who make it at once, one does.
 *
 * @throws AtelierError where it is there.
 */
export function createFileAtomically(path: string, content: FileContent): Promise<void> {
  return writeAside(path, content, async (temporary) => {
    try {
      await link(temporary, path)
    } catch (error) {
      if (!WITHOUT_LINKS.has((error as NodeJS.ErrnoException).code)) throw error
      return moveOver(temporary, path)
    }
    await cleanUp(temporary)
  })
}

/** Milliseconds to wait before each further attempt. */
const ATTEMPTS_AFTER: readonly number[] = platform() === 'win32' ? [10, 20, 50, 100, 200, 500, 1000] : []
/** What Windows says of a file that somebody has open: a reader, or a virus scanner that looks at what is new. */
const IN_USE: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY'])

/** Renames a file over another; on Windows, where that fails while the other is open, again until it is closed. */
export async function moveOver(
  from: string,
  to: string,
  { waits = ATTEMPTS_AFTER, move = rename } = {},
): Promise<void> {
  for (const wait of waits) {
    try {
      return await move(from, to)
    } catch (error) {
      if (!IN_USE.has((error as NodeJS.ErrnoException).code)) throw error
      await setTimeout(wait)
    }
  }
  return move(from, to)
}

/** What file systems say that have no hard links, such as FAT and some shared ones: there it is only written whole. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

async function writeAside(
  path: string,
  content: FileContent,
  putInPlace: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path)
  await createFolder(folder)
  // Not by the process's number: in a container every process may be the first.
  const temporary = temporaryName(path)
  const handle = await onDisk(folder, () => open(temporary, 'wx'))
  try {
    try {
      await writeAll(handle, content, folder)
      await onDisk(folder, () => handle.sync())
    } finally {
      // Shared disks tell of a full disk as late as here.
      await onDisk(folder, () => handle.close())
    }
    await onDisk(folder, () => putInPlace(temporary))
  } catch (error) {
    await cleanUp(temporary)
    throw error
  }
}

/**
 * Removes a file that nobody needs any more. One that cannot be removed, as on a disk that has become read-only, stays:
 * what matters is told by what is read or written.
 */
export const cleanUp = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {})

/** Beside a file, a name that no other writer of it takes. */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)

/** Whether a file has such a name: a writer that is killed leaves it. */
export const isUnfinished = (name: string): boolean =>
  /^\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(name)

/** Removes what writers that were killed left in a folder, of which nobody else writes into it. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  await Promise.all(names.filter(isUnfinished).map((name) => cleanUp(join(folder, name))))
}

/** The text of a file as `decodeText` has it. The system's own errors pass through. */
export const readText = async (path: string): Promise<string> => decodeText(await readFile(path))

/**
 * Makes a folder and those above it where they are missing.
 *
 * @throws AtelierError when that cannot be done.
 */
export async function createFolder(folder: string): Promise<void> {
  await onDisk(folder, () => makeFolders(folder))
}

/**
 * Makes a folder, and those above it where they are missing; false where it is there. Of several who make it at once,
 * one is told true.
 *
 * @throws AtelierError when it cannot be made.
 */
export async function createNewFolder(folder: string): Promise<boolean> {
  await createFolder(dirname(folder))
  return onDisk(folder, () =>
    mkdir(folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    ),
  )
}

/**
 * As `createFolder`, with the system's own errors: Node's recursive mkdir never ends where a folder exists in
 * which none can be made, such as /proc.
 */
export async function makeFolders(folder: string): Promise<void> {
  const failure = await makeOne(folder)
  if (failure === null) return
  const above = dirname(folder)
  if (failure.code !== 'ENOENT' || above === folder) throw failure
  await makeFolders(above)
  const again = await makeOne(folder)
  if (again !== null) throw again
}

/** Makes a folder below one that is there; null when it is there now, whoever made it. */
async function makeOne(folder: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(folder)
    return null
  } catch (error) {
    return (await isFolder(folder)) ? null : (error as NodeJS.ErrnoException)
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function writeAll(handle: FileHandle, content: FileContent, folder: string): Promise<void> {
  const pieces = typeof content === 'string' ? [Buffer.from(content)] : content
  for await (const piece of pieces instanceof Uint8Array ? [pieces] : pieces) {
    for (let offset = 0; offset < piece.length; ) {
      const { bytesWritten } = await onDisk(folder, () => handle.write(piece, offset))
      offset += bytesWritten
    }
  }
}

/** What to do about the failures that a user can mend. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'Change its permissions, or choose another folder',
  EPERM: 'Change its permissions, or choose another folder',
  EROFS: 'Its file system is read-only: choose another folder',
  ENOSPC: 'The disk is full: make room, or choose another folder',
  EDQUOT: 'The quota is used up: make room, or choose another folder',
  ENOTDIR: 'A file stands where a folder has to be: choose another folder',
  EEXIST: 'A file stands where a folder has to be: choose another folder',
  EISDIR: 'A folder stands where the file has to be: remove it, or choose another folder',
}

/** @throws AtelierError that says what to do, where the folder cannot be written. */
export async function onDisk<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const remedy = remedies[(error as NodeJS.ErrnoException).code ?? ''] ?? 'Choose another folder'
    throw new AtelierError(mismatch(folder, 'a writable folder', messageOf(error), remedy))
  }
}

/** The SHA-256 of a file's bytes. */
export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
