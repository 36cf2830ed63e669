/** Compressed copies beside the files of a build, which a server hands to browsers that take them. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(css|html|js|json|svg|wasm)$/

/** A smaller file goes in one packet as it is. */
const SMALLEST = 1024
/** Of Brotli, for what is larger (the Wasm files): its better qualities would take a minute there. */
const LARGE = 2 ** 20
const QUALITY = { small: 9, large: 5 }

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Writes FILE.br and FILE.gz for each file below a folder that gets smaller by it. */
export async function compressBelow(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
  await Promise.all(files.map(({ parentPath, name }) => compressFile(join(parentPath, name))))
}

async function compressFile(file: string): Promise<void> {
  const bytes = await readFile(file)
  if (bytes.length < SMALLEST) return
  const quality = bytes.length < LARGE ? QUALITY.small : QUALITY.large
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const [br, gz] = await Promise.all([
    brotli(bytes, { params }),
    gzipped(bytes, { level: constants.Z_BEST_COMPRESSION }),
  ])
  if (br.length < bytes.length) await writeFile(`${file}.br`, br)
  if (gz.length < bytes.length) await writeFile(`${file}.gz`, gz)
}

/** After all else has been written. */
export function compressed(folder: string): Plugin {
  return { name: 'compressed', apply: 'build', closeBundle: () => compressBelow(folder) }
}
