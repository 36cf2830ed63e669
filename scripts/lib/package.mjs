// Packages for npm that are put together here: a folder with a manifest of its own, and the archive that npm makes of it.
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { npm, readJson, root, SetupError, say, writeJson } from './shell.mjs'

/** Where packages are put together, and their archives. */
export const PACKAGES = join(root, 'packages')

/** @typedef {{ version: string, license: string, engines: unknown }} Manifest */

/**
 * Makes a package's folder anew: the manifest, to which version, licence and engines of the project are added, the project's
 * licence, and copies of files, or of what is in folders. The result is the folder.
 *
 * @param {string} folder
 * @param {{ manifest: Readonly<Record<string, unknown>>, copy: readonly string[] }} content
 */
export function stagePackage(folder, { manifest, copy }) {
  const { version, license, engines } = /** @type {Manifest} */ (readJson(join(root, 'package.json')))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'package.json'), { ...manifest, version, license, engines })
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  for (const path of copy) {
    const target = statSync(path).isDirectory() ? folder : join(folder, basename(path))
    cpSync(path, target, { recursive: true })
  }
  return folder
}

/**
 * Packs a folder by npm, and says what came of it. The result is the archive's path.
 *
 * @param {string} folder
 */
export function pack(folder) {
  mkdirSync(PACKAGES, { recursive: true })
  const { ok, stdout, output } = npm(['pack', '--json', '--pack-destination', PACKAGES], { cwd: folder })
  if (!ok) throw new SetupError(`${output.trim()}\nnpm pack failed (its output is above).`)
  const [packed] =
    /** @type {{ filename: string, size: number, unpackedSize: number, entryCount: number }[]} */ (
      Object.values(JSON.parse(stdout))
    )
  if (packed === undefined) throw new SetupError('npm pack made no archive.')
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`
  const file = join(PACKAGES, packed.filename)
  say(
    `${file}: ${megabytes(packed.size)}, unpacked ${megabytes(packed.unpackedSize)}, ${packed.entryCount} files`,
  )
  return file
}
