/** Downloading the official files: progress, resumption, a second source, verification, atomic renaming. */
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AtelierError, messageOf } from '../core/errors.js'
import { makeFolders } from '../core/files.js'
import { type IdxName, inspectFolder, OFFICIAL_CHECKSUMS } from './files.js'
import { checksumOf } from './read.js'

export interface DownloadProgress {
  /** The file's name, with `.gz`. */
  readonly file: string
  readonly host: string
  /** Bytes of the file that are here, those of an earlier attempt included. */
  readonly received: number
  /** Bytes of the whole file, where the server says so. */
  readonly total: number | undefined
}

export interface DownloadOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Base addresses, tried in order. */
  readonly mirrors?: readonly string[]
  /** SHA-256 of each file's decompressed bytes. */
  readonly checksums?: Readonly<Record<IdxName, string>>
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly patience?: number
}

/** Zalando's own download, then the folder of its GitHub repository. Their bytes are checked, whatever the way. */
export const MIRRORS: readonly string[] = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
]

/** A mirror is asked up to this often, as long as attempts bring bytes or end in a broken connection. */
const ATTEMPTS = 5
const BROKEN_CONNECTION = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']

/**
 * Downloads those of the four official files that `directory` lacks. A broken transfer leaves a `.part` file,
 * one for each mirror since their gzip containers differ, and is resumed from there. A file gets its name only
 * after its checksum was found right; with a wrong one it is removed.
 *
 * @throws AtelierError when the folder cannot be written, or when no mirror gave a file, with the other ways
 * to get the data.
 */
export async function downloadOfficial(directory: string, options: DownloadOptions = {}): Promise<void> {
  await onDisk(directory, () => makeFolders(directory))
  const { missing } = await onDisk(directory, () => inspectFolder(directory))
  for (const name of missing) await downloadFile(directory, name, options)
}

async function downloadFile(directory: string, name: IdxName, options: DownloadOptions): Promise<void> {
  const { mirrors = MIRRORS } = options
  const file = `${name}.gz`
  const failures: string[] = []
  for (const mirror of mirrors) {
    const { host } = new URL(mirror)
    const part = join(directory, `${file}.${host.replace(':', '-')}.part`)
    try {
      await fetchVerified(new URL(file, mirror), part, name, options)
      await onDisk(directory, () => rename(part, join(directory, file)))
      await removeParts(directory, file)
      return
    } catch (error) {
      if (error instanceof AtelierError) throw error
      failures.push(`${host}: ${reasonOf(error)}`)
    }
  }
  throw new AtelierError(
    `Fashion-MNIST is not on this machine, and ${file} could not be downloaded (${failures.join('; ')}).\n` +
      'Install the package dataset-fashion-mnist (Debian, Ubuntu: apt-get install dataset-fashion-mnist), or ' +
      'name a folder that holds the four files with --data DIR or ATELIER_DATA',
  )
}

/** Fetches one file from one mirror until its checksum is right. */
async function fetchVerified(url: URL, part: string, name: IdxName, options: DownloadOptions): Promise<void> {
  const { checksums = OFFICIAL_CHECKSUMS } = options
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(part)
    try {
      await fetchRest(url, part, before, options)
    } catch (error) {
      const again = (await sizeOf(part)) > before || BROKEN_CONNECTION.includes(reasonOf(error))
      if (error instanceof AtelierError || attempt >= ATTEMPTS || !again) throw error
      continue
    }
    const received = await checksumOf(part).catch(messageOf)
    if (received === checksums[name]) return
    await rm(part, { force: true })
    // A resumed file may be wrong because of its first piece: that piece is gone now, so once more.
    if (before === 0) throw new Error(`wrong SHA-256: expected ${checksums[name]}, received ${received}`)
  }
}

/** Appends to `part` what it lacks, or writes it anew where the server sends the whole file. */
async function fetchRest(url: URL, part: string, have: number, options: DownloadOptions): Promise<void> {
  const { onProgress, patience = 30_000 } = options
  const stalled = new AbortController()
  const giveUp = () => stalled.abort(new Error(`no answer for ${patience / 1000} s`))
  const timer = setTimeout(giveUp, patience)
  try {
    // Identity: a transfer encoding on top would make byte ranges mean something else.
    const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) }
    const response = await fetch(url, { headers, signal: stalled.signal })
    // The range begins at the end: the part is complete already, and its checksum decides.
    if (response.status === 416 && have > 0) return await response.body?.cancel()
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
    const resumed = response.headers.get('content-range')?.startsWith(`bytes ${have}-`) ?? false
    if (response.status === 206 && !resumed) throw new Error('answered with another range than asked for')
    let received = resumed ? have : 0
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const total = Number.isNaN(length) ? undefined : received + length
    const handle = await onDisk(part, () => open(part, resumed ? 'a' : 'w'))
    try {
      for await (const chunk of response.body) {
        timer.refresh()
        await onDisk(part, () => handle.writeFile(chunk))
        received += chunk.length
        onProgress?.({ file: `${url.pathname.split('/').at(-1)}`, host: url.host, received, total })
      }
    } finally {
      await handle.close()
    }
  } finally {
    clearTimeout(timer)
  }
}

async function removeParts(directory: string, file: string): Promise<void> {
  const left = (await readdir(directory)).filter(
    (entry) => entry.startsWith(`${file}.`) && entry.endsWith('.part'),
  )
  await Promise.all(left.map((entry) => rm(join(directory, entry), { force: true })))
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** The disk's failures end the download: no other mirror would mend them. */
async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw new AtelierError(
      `${path}: cannot write the download (${messageOf(error)}). Set XDG_CACHE_HOME to a folder that can be ` +
        'written, or name a folder that holds the data with --data DIR or ATELIER_DATA',
    )
  }
}

/** `fetch` hides the reason ("fetch failed") in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause === undefined) return messageOf(error)
  return (cause as NodeJS.ErrnoException).code ?? messageOf(cause)
}
