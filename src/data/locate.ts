/** Where the data set lies: the order of search, without reading any of it. */
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { CSV_NAMES, type DataFiles, IDX_NAMES, inspectFolder } from './files.js'
import { type NearbySet, setByName, setsNear } from './nearby.js'

/** How a data set was found. */
export type DataSource = '--data' | 'ATELIER_DATA' | 'cache' | 'system' | 'download'

export interface LocatedData {
  /** Its folder, or, of files with names of their own, folder and name (`NearbySet.address`). */
  readonly directory: string
  readonly source: DataSource
  readonly files: DataFiles
  /** Folders in which the classes may be named. */
  readonly namesIn: readonly string[]
}

/** What the search depends on. */
export interface Places {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
  /** Where the Debian and Ubuntu package `dataset-fashion-mnist` puts the files. */
  readonly system: string
}

/** The search as it is for the user who runs this process. */
export function userPlaces(): Places {
  return {
    env: process.env,
    platform: process.platform,
    home: homedir(),
    system: '/usr/share/datasets/fashion-mnist',
  }
}

/**
 * Looks in `data` (the folder given with `--data`), ATELIER_DATA, the cache folder and the system folder, in
 * this order. A folder that the user named is taken or refused, never passed over; where it
 * holds none of the files, the folders below are looked into. Undefined: found nowhere.
 *
 * @throws AtelierError when a folder that the user named is missing or lacks files.
 */
export async function locateData(data?: string, places = userPlaces()): Promise<LocatedData | undefined> {
  if (data !== undefined) return locateNamed('--data', data)
  const { ATELIER_DATA } = places.env
  if (ATELIER_DATA) return locateNamed('ATELIER_DATA', ATELIER_DATA)
  for (const [source, directory] of [
    ['cache', cacheFolder(places)],
    ['system', places.system],
  ] as const) {
    const files = await inspectFolder(directory).then(
      (contents) => contents.files,
      () => undefined,
    )
    // These two hold the official release, which has no CSV form.
    if (files?.form === 'idx') return { directory, source, files, namesIn: [directory] }
  }
  return undefined
}

/** Where downloads are kept: `~/.cache/atelier/fashion-mnist`, or where the platform and XDG say. */
export function cacheFolder({ env, platform, home }: Places = userPlaces()): string {
  const xdg = env.XDG_CACHE_HOME
  const fallback = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
  // The XDG specification has relative paths ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : fallback, 'atelier', 'fashion-mnist')
}

async function locateNamed(source: '--data' | 'ATELIER_DATA', folder: string): Promise<LocatedData> {
  const directory = resolve(folder)
  const subject = `${source} ${folder}`
  const expected = 'a folder with the four IDX files or the two CSV files of a data set'
  const named = await setByName(directory)
  if (named !== null) return taken(named, source, directory)
  const contents = await inspectFolder(directory).catch((error: unknown) => {
    throw new AtelierError(mismatch(subject, expected, unreadable(error)))
  })
  if (contents.files !== undefined) return { directory, source, files: contents.files, namesIn: [directory] }
  if (contents.missing.length < IDX_NAMES.length) {
    const hint = `Missing: ${contents.missing.join(', ')} (each plain or with .gz)`
    throw new AtelierError(mismatch(subject, expected, 'one that is incomplete', hint))
  }
  const [first, ...more] = await setsNear(directory)
  if (first !== undefined && more.length === 0) return taken(first, source, directory)
  if (first !== undefined) {
    const found = [first, ...more].map(({ address }) => join(folder, relative(directory, address)))
    const hint = `Give one of them: ${source === '--data' ? '--data ' : 'ATELIER_DATA='}${found[0]}`
    throw new AtelierError(mismatch(subject, 'one data set', `several: ${found.join(', ')}`, hint))
  }
  const hint = `The files are ${IDX_NAMES.join(', ')} (each plain or with .gz), or ${Object.values(CSV_NAMES).join(', ')}`
  throw new AtelierError(mismatch(subject, expected, `one without them${await contentOf(directory)}`, hint))
}

const taken = ({ address, folder, files }: NearbySet, source: DataSource, named: string): LocatedData => ({
  directory: address,
  source,
  files,
  namesIn: [...new Set([folder, named])],
})

const MOST_TOLD = 3

/** What is there instead, in brackets; nothing of an empty folder. */
async function contentOf(directory: string): Promise<string> {
  const names = (await readdir(directory)).sort()
  const more = names.length > MOST_TOLD ? ` and ${names.length - MOST_TOLD} more` : ''
  return names.length === 0 ? '' : ` (it holds ${names.slice(0, MOST_TOLD).join(', ')}${more})`
}

function unreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such folder'
  if (code === 'ENOTDIR') return 'a file: give the folder it is in'
  return messageOf(error)
}
