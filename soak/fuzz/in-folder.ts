/** Readers of files and folders: what an input changes is written into a folder of valid files, and put right again. */

import { writeFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Input, Reader } from './reader.js'

/** The valid files, by their names. */
export type Files = Readonly<Record<string, Buffer>>

export interface FolderReading {
  readonly make: Reader['make']
  readonly read: (directory: string) => Promise<unknown>
}

export function inFolder(directory: string, valid: Files, { make, read }: FolderReading): Reader {
  for (const [name, bytes] of Object.entries(valid)) writeFileSync(join(directory, name), bytes)
  const put = (input: Input): Promise<unknown> =>
    Promise.all(
      Object.entries(input).map(([name, bytes]) =>
        bytes === null ? rm(join(directory, name), { force: true }) : writeFile(join(directory, name), bytes),
      ),
    )
  return {
    atOnce: 1,
    make,
    read: async (input) => {
      await put(input)
      try {
        return await read(directory)
      } finally {
        await put(Object.fromEntries(Object.keys(input).map((name) => [name, valid[name] ?? null])))
      }
    },
  }
}

/** All of them have to end, each by itself: the first that is no error for users, else the first error. */
export async function allOf(
  readings: readonly (() => Promise<unknown>)[],
  isExpected: (error: unknown) => boolean,
): Promise<void> {
  const errors: unknown[] = []
  for (const reading of readings) await reading().catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw errors.find((error) => !isExpected(error)) ?? errors[0]
}
