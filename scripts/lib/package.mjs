// Packages for npm that are put together here: a folder with a manifest of its own, and the archive that npm makes of it.
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeLicences } from './licences.mjs'
import { npm, readJson, root, SetupError, say, writeJson } from './shell.mjs'
import { buildStudio } from './studio.mjs'
import { buildTypeScript } from './typescript.mjs'
import { buildWasm } from './wasm.mjs'

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

/** Packages that are built from this very version, and which npm installs along where they suit the system. */
const NATIVE = ['atelier-native-linux-x64']
/** Of a manifest, what only a checkout has a use for. */
const OF_CHECKOUTS = ['scripts', 'devDependencies', 'overrides', 'imports', 'files']

/**
 * Packs the project as it is published: the files that `npm pack` would take, and a manifest that asks for the native engine
 * of the same version too. In the manifest of the checkout that would keep `npm ci` from working until it is published.
 * dist/ is brought up to date first, with the licences of what is bundled there.
 * The result is the archive's path.
 */
export function packProject() {
  buildTypeScript()
  buildWasm()
  buildStudio()
  writeLicences()
  const [packed] = packedBy(['--dry-run'], root)
  const manifest = /** @type {Record<string, unknown>} */ (readJson(join(root, 'package.json')))
  for (const key of OF_CHECKOUTS) delete manifest[key]
  const folder = join(PACKAGES, 'atelier')
  rmSync(folder, { recursive: true, force: true })
  for (const { path } of packed.files) cpSync(join(root, path), join(folder, path))
  const optionalDependencies = Object.fromEntries(NATIVE.map((name) => [name, manifest.version]))
  writeJson(join(folder, 'package.json'), { ...manifest, optionalDependencies })
  return pack(folder)
}

/**
 * Packs a folder by npm, and says what came of it. The result is the archive's path.
 *
 * @param {string} folder
 */
export function pack(folder) {
  mkdirSync(PACKAGES, { recursive: true })
  const [packed] = packedBy(['--pack-destination', PACKAGES], folder)
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`
  const file = join(PACKAGES, packed.filename)
  const [size, unpacked] = [megabytes(packed.size), megabytes(packed.unpackedSize)]
  say(`${file}: ${size}, unpacked ${unpacked}, ${packed.files.length} files`)
  return file
}

/** @typedef {{ filename: string, size: number, unpackedSize: number, files: { path: string }[] }} Packed */

/**
 * What `npm pack` says of a folder.
 *
 * @param {readonly string[]} flags
 * @param {string} folder
 */
function packedBy(flags, folder) {
  const { ok, stdout, output } = npm(['pack', '--json', ...flags], { cwd: folder })
  if (!ok) throw new SetupError(`${output.trim()}\nnpm pack failed (its output is above).`)
  return /** @type {[Packed]} */ (Object.values(JSON.parse(stdout)))
}
