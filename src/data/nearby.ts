/** Data sets that a named folder does not hold itself: one or two folders down, or by names of their own. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type DataFiles, inspectFolder, prefixesIn } from './files.js'

export interface NearbySet {
  /** By which it is named: its folder, or, of files with names of their own, folder and name, such as gzip/emnist-letters. */
  readonly address: string
  /** The folder that the files lie in. */
  readonly folder: string
  readonly files: DataFiles
}

/** Two down is where torchvision leaves files: FashionMNIST/raw below its root. */
const DEPTH = 2
/** A home folder may have been named: then looking on would take long and help nobody. */
const MOST_FOLDERS = 200

/** The set of that address, where it names files in the folder above. */
export async function setByName(address: string): Promise<NearbySet | null> {
  const folder = dirname(address)
  const files = await filesIn(folder, `${basename(address)}-`)
  return files === undefined ? null : { address, folder, files }
}

/** The complete sets in a folder by names of their own, and those in the folders below it. */
export async function setsNear(directory: string): Promise<readonly NearbySet[]> {
  const found: NearbySet[] = []
  let level = [directory]
  for (let depth = 0; depth <= DEPTH && found.length === 0; depth++) {
    for (const folder of level) found.push(...(await setsIn(folder)))
    level = (await Promise.all(level.map(foldersIn))).flat().slice(0, MOST_FOLDERS)
  }
  return found
}

async function setsIn(folder: string): Promise<readonly NearbySet[]> {
  const prefixes = await prefixesIn(folder).catch(() => [])
  const sets = ['', ...prefixes].map(async (prefix): Promise<NearbySet[]> => {
    const files = await filesIn(folder, prefix)
    return files === undefined ? [] : [{ address: join(folder, prefix.slice(0, -1)), folder, files }]
  })
  return (await Promise.all(sets)).flat()
}

const filesIn = (folder: string, prefix: string): Promise<DataFiles | undefined> =>
  inspectFolder(folder, prefix).then(
    ({ files }) => files,
    () => undefined,
  )

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort()
}
