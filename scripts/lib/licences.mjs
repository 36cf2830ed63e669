// The licences of the packages that are bundled into dist/, which must go where their code goes.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, root, writeWhole } from './shell.mjs'

/** What the studio and the charts of Node are bundled from: the dependencies of each that are needed there come along. */
const BUNDLED = ['echarts', 'onnxruntime-web', 'react', 'react-dom']
/** Licences and what they want to be passed on with them. */
const LEGAL = /^(licen[cs]e|notice|copyright)/i

/** Writes them to a file below dist/. */
export function writeLicences() {
  const folders = [...new Set(BUNDLED.flatMap((name) => withDependencies(name, root)))]
  writeWhole(join(root, 'dist', 'THIRD-PARTY.txt'), folders.map(licencesOf).join('\n'))
}

/** @typedef {{ name: string, version: string, license?: string, author?: string | { name: string },
 *   dependencies?: Record<string, string> }} Manifest */

/** @param {string} folder */
const manifestOf = (folder) => /** @type {Manifest} */ (readJson(join(folder, 'package.json')))

/**
 * The folders of a package and of all that it depends on, found from another as Node does.
 *
 * @param {string} name
 * @param {string} from
 * @returns {string[]}
 */
function withDependencies(name, from) {
  const own = join(from, 'node_modules', name)
  const folder = existsSync(own) ? own : join(root, 'node_modules', name)
  const { dependencies = {} } = manifestOf(folder)
  return [folder, ...Object.keys(dependencies).flatMap((next) => withDependencies(next, folder))]
}

/** @param {string} folder */
function licencesOf(folder) {
  const { name, version, license, author } = manifestOf(folder)
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && LEGAL.test(entry.name),
  )
  const holder = typeof author === 'object' ? author.name : author
  const texts =
    files.length === 0
      ? [`License: ${license}. Copyright: ${holder ?? 'its authors'}.\n`]
      : files.map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim())
  return `${'='.repeat(80)}\n${name} ${version}\n${'='.repeat(80)}\n\n${texts.join('\n\n')}\n`
}
