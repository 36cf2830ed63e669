/** The files of a data set: their names and spellings, the official checksums, and what a folder holds. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type IdxName = keyof typeof OFFICIAL_CHECKSUMS

/**
 * SHA-256 of the decompressed official files (the second release of Fashion-MNIST, August 2017). The gzip
 * containers differ from source to source, so their own bytes say nothing.
 */
export const OFFICIAL_CHECKSUMS = {
  'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
} as const

export const IDX_NAMES = Object.keys(OFFICIAL_CHECKSUMS) as IdxName[]

export const CSV_NAMES = { train: 'fashion-mnist_train.csv', test: 'fashion-mnist_test.csv' } as const

/** Where each file of a data set lies. */
export type DataFiles =
  | { readonly form: 'idx'; readonly paths: Readonly<Record<IdxName, string>> }
  | { readonly form: 'csv'; readonly paths: Readonly<Record<keyof typeof CSV_NAMES, string>> }

export interface FolderContents {
  /** The complete data set in the folder, if there is one. IDX wins over CSV. */
  readonly files: DataFiles | undefined
  /** The IDX files that are not there, in any spelling. */
  readonly missing: readonly IdxName[]
}

/**
 * What `directory` holds, of the set whose files' names begin with `prefix`. Errors of the file system (no such folder, no
 * permission) pass through.
 */
export async function inspectFolder(directory: string, prefix = ''): Promise<FolderContents> {
  const entries = new Set(await readdir(directory))
  const present = new Map<IdxName, string>()
  for (const name of IDX_NAMES) {
    const spelling = spellingsOf(name).find((candidate) => entries.has(prefix + candidate))
    if (spelling !== undefined) present.set(name, join(directory, prefix + spelling))
  }
  const missing = IDX_NAMES.filter((name) => !present.has(name))
  if (missing.length === 0) {
    return { files: { form: 'idx', paths: Object.fromEntries(present) as Record<IdxName, string> }, missing }
  }
  const { train, test } = CSV_NAMES
  if (prefix === '' && entries.has(train) && entries.has(test)) {
    const paths = { train: join(directory, train), test: join(directory, test) }
    return { files: { form: 'csv', paths }, missing }
  }
  return { files: undefined, missing }
}

/** Plain before gzipped, `train-images-idx3-ubyte` before `train-images.idx3-ubyte`, `t10k` before `test`. */
function spellingsOf(name: IdxName): string[] {
  return [name, name.replace('t10k', 'test')].flatMap((spelt) => {
    const dotted = spelt.replace('-idx', '.idx')
    return [spelt, `${spelt}.gz`, dotted, `${dotted}.gz`]
  })
}

/** The prefixes of IDX files that bear their set's name, as EMNIST's do: `emnist-letters-`. */
export async function prefixesIn(directory: string): Promise<readonly string[]> {
  const prefixes = (await readdir(directory)).flatMap((name) => {
    const [, prefix] =
      /^(.+-)(?:train|t10k|test)-(?:images|labels)[-.]idx[13]-ubyte(?:\.gz)?$/.exec(name) ?? []
    return prefix === undefined ? [] : [prefix]
  })
  return [...new Set(prefixes)].sort()
}
