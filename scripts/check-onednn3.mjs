// `npm run check:onednn3`: compiles native/*.cc, without linking, against the headers of oneDNN 3.x on a machine
// whose own oneDNN may be 2.x. The headers come from ONEDNN3_INCLUDE, else from a Debian package, which is
// unpacked into a temporary folder and neither installed nor made known to the system's apt.
import './lib/node-version.mjs'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main, quietly, root, SetupError, say, which } from './lib/shell.mjs'
import {
  addonDefines,
  compileFlags,
  findCompiler,
  nativeSources,
  nodeHeadersPrefix,
  onednnVersion,
} from './lib/toolchain.mjs'

const SUITE = 'trixie' // Debian 13, the first with oneDNN 3.x
const MIRROR = 'http://deb.debian.org/debian'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const OTHERWISE = 'Point ONEDNN3_INCLUDE to the include folder of oneDNN 3.x instead.'

main(() => {
  const compiler = findCompiler()
  const node = nodeHeadersPrefix()
  if (!compiler || !node)
    throw new SetupError("The check needs a C++ compiler, and Node's headers beside Node.")
  const folder = mkdtempSync(join(tmpdir(), 'atelier-onednn3-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const include = process.env.ONEDNN3_INCLUDE ?? fetchHeaders(folder)
  const version = onednnVersion([include])
  if (!version?.startsWith('3.')) {
    throw new SetupError(`${include}: expected the headers of oneDNN 3.x, received ${version ?? 'none'}.`)
  }

  say(`Compiling native/ against oneDNN ${version}`)
  const folders = [include, join(node, 'include', 'node'), join(root, 'node_modules', 'node-addon-api')]
  const flags = [
    ...folders.map((path) => `-I${path}`),
    ...compileFlags(),
    ...addonDefines.map((name) => `-D${name}`),
  ]
  const sources = nativeSources().map((path) => join(root, 'native', path))
  const { ok, output } = quietly(compiler, [...flags, '-fsyntax-only', ...sources])
  if (output) say(output.trim())
  if (!ok) throw new SetupError(`native/ does not compile against oneDNN ${version} (the errors are above).`)
  process.stdout.write(`All of native/ compiles against oneDNN ${version}.\n`)
})

/**
 * Downloads Debian's libdnnl-dev through an apt that has its own sources and state, and unpacks it.
 *
 * @param {string} folder
 */
function fetchHeaders(folder) {
  if (!which('apt-get') || !which('dpkg-deb') || !existsSync(KEYRING)) {
    throw new SetupError(`oneDNN 3.x can be fetched on Debian alone. ${OTHERWISE}`)
  }
  for (const path of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${KEYRING}] ${MIRROR} ${SUITE} main\n`)
  const settings = {
    'Dir::State': folder,
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'APT::Sandbox::User': '', // the temporary folder is this user's alone
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  say(`Fetching the package lists of Debian ${SUITE} into a temporary folder`)
  step('apt-get', [...options, 'update'], folder)
  say(`Downloading libdnnl-dev from Debian ${SUITE} and unpacking it there`)
  step('apt-get', [...options, 'download', 'libdnnl-dev'], folder)
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'))
  if (!archive) throw new SetupError(`apt-get download left no package. ${OTHERWISE}`)
  step('dpkg-deb', ['-x', join(folder, archive), join(folder, 'unpacked')], folder)
  return join(folder, 'unpacked', 'usr', 'include')
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function step(command, args, cwd) {
  const { ok, output } = quietly(command, args, { cwd })
  if (!ok) throw new SetupError(`${output.trim()}\n${command} failed (its output is above). ${OTHERWISE}`)
}
