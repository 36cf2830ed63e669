/** Every reader of what users or others hand in. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { csvReader, dataReader, idxReader } from './data.js'
import { imageReader } from './images.js'
import type { Reader } from './reader.js'
import { recipeReader } from './recipes.js'
import { releaseReader, runReader } from './runs.js'
import { safetensorsReader, weightsReader } from './tensors.js'

const openers = {
  images: imageReader,
  idx: idxReader,
  csv: csvReader,
  data: dataReader,
  safetensors: safetensorsReader,
  weights: weightsReader,
  recipes: recipeReader,
  runs: runReader,
  releases: releaseReader,
} as const satisfies Readonly<Record<string, (folder: string) => Reader | Promise<Reader>>>

export type ReaderName = keyof typeof openers
export const readerNames = Object.keys(openers) as ReaderName[]

/** A reader with a folder of its own below the one given. */
export async function openReader(name: ReaderName, folder: string): Promise<Reader> {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  return openers[name](own)
}
