// Builds the native addon when something it depends on changed, and keeps what came of it in
// native/build/status.json: { ok, reason, hint, onednn, stamp, processor }. The engine choice and `atelier doctor` show it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, platform, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { filesBelow, hashFiles, quietly, readJson, root, say, which, writeJson } from './shell.mjs'
import {
  compileFlags,
  findCompiler,
  linkFlags,
  nodeHeadersPrefix,
  onednnVersion,
  searchFolders,
} from './toolchain.mjs'

const NATIVE = join(root, 'native')
const BUILD = join(NATIVE, 'build')
const ADDON = join(BUILD, 'Release', 'atelier.node')
const STATUS = join(BUILD, 'status.json')
const LOG = join(BUILD, 'build.log')

/**
 * All that the binary depends on.
 *
 * @typedef {{
 *   sources: string, environment: string, compiler: string | null, folders: string, onednn: string | null
 * }} Stamp
 */
/** @typedef {{ reason: string, hint: string }} Problem */
/**
 * What status.json says; `reason` and `hint` where there is no engine.
 *
 * `processor` are the flags of the one it was built on: on another that lacks some of them it must not be loaded.
 *
 * @typedef {{ onednn: string | null, stamp: Stamp, processor?: readonly string[] }} Built
 * @typedef {Built & ({ ok: true, reason: null, hint: null } | ({ ok: false } & Problem))} Status
 */

/** The parts of a stamp that only matter while building. */
const TOOLCHAIN = /** @type {const} */ (['compiler', 'folders', 'onednn'])

/**
 * Brings the addon up to date; the result is what status.json says. An attempt that failed is repeated when
 * something changed, or always with `insist`. `noOnednn` is why the set-up could not install oneDNN, if it tried.
 *
 * @param {{ insist?: boolean, noOnednn?: string | undefined }} [options]
 * @returns {Status}
 */
export function buildNative({ insist = false, noOnednn } = {}) {
  const stamp = currentStamp()
  const last = /** @type {Status | null} */ (readJson(STATUS))
  if (last && (last.ok ? stillGood(last.stamp, stamp) : !insist && sameStamp(last.stamp, stamp))) return last

  const problem = build(stamp, last?.stamp, noOnednn)
  // An addon built from other sources than these must not be loaded.
  if (problem) rmSync(ADDON, { force: true })
  const built = { onednn: stamp.onednn, stamp, processor: cpuFlags() }
  /** @type {Status} */
  const status = problem
    ? { ok: false, ...problem, ...built }
    : { ok: true, reason: null, hint: null, ...built }
  writeJson(STATUS, status)
  return status
}

/**
 * Builds it: null, or what stands in the way.
 *
 * @param {Stamp} stamp
 * @param {Stamp | undefined} lastStamp
 * @param {string | undefined} noOnednn
 */
function build(stamp, lastStamp, noOnednn) {
  if (platform() === 'win32') return ON_WINDOWS
  const { compiler } = stamp
  if (compiler === null) return { reason: 'no C++ compiler was found', hint: advice(TOOLS) }
  return (
    missingTool() ??
    (stamp.onednn ? probe(compiler) : missingOnednn(noOnednn)) ??
    compile(compiler, stamp, lastStamp)
  )
}

/**
 * The one line for a machine on which the native engine is not to be had.
 *
 * @param {Problem} problem
 */
export function withoutNative({ reason, hint }) {
  return `No native engine: ${reason}. Everything works on the WebAssembly engine, only slower. To change that: ${hint}.`
}

/** @returns {Stamp} */
function currentStamp() {
  const sources = filesBelow(NATIVE, (path) => /\.(cc|h|gyp)$/.test(path) && !path.startsWith('build/'))
  const headers = versionOf(join(root, 'node_modules', 'node-addon-api', 'package.json'))
  const flags = compileFlags({ folders: { includes: [], libraries: [] } })
  const environment = JSON.stringify([process.version, process.arch, headers, flags, cpuFlags().join(' ')])
  return {
    sources: hashFiles(NATIVE, sources),
    environment: createHash('sha256').update(environment).digest('hex'),
    compiler: findCompiler(),
    folders: JSON.stringify(searchFolders()),
    onednn: onednnVersion(),
  }
}

/** @param {string} file a package.json */
function versionOf(file) {
  return /** @type {{ version?: string } | null} */ (readJson(file))?.version
}

/**
 * A folder that moves to another CPU (a disk image, a container) must not keep a binary for the first.
 *
 * @returns {string[]}
 */
function cpuFlags() {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? []
    return flags.split(' ').filter(Boolean)
  } catch {
    return []
  }
}

/**
 * @param {Stamp} a
 * @param {Stamp} b
 */
function sameStamp(a, b) {
  const keys = /** @type {const} */ (['sources', 'environment', ...TOOLCHAIN])
  return keys.every((key) => a[key] === b[key])
}

/**
 * A good build stays good when the compiler, the headers or DNNLROOT are gone later.
 *
 * @param {Stamp} built
 * @param {Stamp} now
 */
function stillGood(built, now) {
  if (!existsSync(ADDON)) return false
  if (now.compiler !== null && now.onednn !== null) return sameStamp(built, now)
  return sameStamp(built, { ...now, ...Object.fromEntries(TOOLCHAIN.map((key) => [key, built[key]])) })
}

/** @returns {Problem | null} */
function missingTool() {
  if (which('make') === null) return { reason: 'no make was found', hint: advice(TOOLS) }
  const python = [process.env.npm_config_python, process.env.PYTHON, 'python3', 'python'].some(
    (name) => name && which(name),
  )
  return python ? null : { reason: 'no python3 was found, which node-gyp needs', hint: advice(TOOLS) }
}

/**
 * @param {string | undefined} aptReason
 * @returns {Problem}
 */
function missingOnednn(aptReason) {
  const tried = aptReason ? ` (${aptReason})` : ''
  return { reason: `oneDNN is not installed${tried}`, hint: advice(ONEDNN) }
}

/**
 * Compiles, links and runs three lines: whatever is wrong with the compiler, OpenMP or oneDNN shows here.
 *
 * @param {string} compiler
 * @returns {Problem | null}
 */
function probe(compiler) {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-probe-'))
  try {
    const source = join(folder, 'probe.cc')
    const program = join(folder, 'probe')
    writeFileSync(
      source,
      `#include <omp.h>\n#include <oneapi/dnnl/dnnl.hpp>\nint main() { return dnnl::engine::get_count(dnnl::engine::kind::cpu) > 0 && omp_get_max_threads() > 0 ? 0 : 1; }\n`,
    )
    const built = quietly(compiler, [...compileFlags(), source, '-o', program, ...linkFlags()])
    if (!built.ok)
      return {
        reason: `a three-line program with oneDNN does not build (${firstError(built.output)})`,
        hint: advice(ONEDNN),
      }
    const ran = quietly(program, [])
    return ran.ok
      ? null
      : {
          reason: `a program with oneDNN builds but does not run (${firstError(ran.output)})`,
          hint: advice(ONEDNN),
        }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Compiles the addon and loads it once: null, or what went wrong, with all of the output in build.log.
 *
 * @param {string} compiler
 * @param {Stamp} stamp
 * @param {Stamp | undefined} lastStamp
 * @returns {Problem | null}
 */
function compile(compiler, stamp, lastStamp) {
  say(`Building the native engine against oneDNN ${stamp.onednn}`)
  const prefix = nodeHeadersPrefix()
  const onlySources =
    lastStamp !== undefined && sameStamp(lastStamp, { ...stamp, sources: lastStamp.sources })
  const built = nodeGyp(compiler, prefix, onlySources)
  const loaded = built.ok ? quietly(process.execPath, ['-e', `require(${JSON.stringify(ADDON)})`]) : built
  rmSync(LOG, { force: true })
  if (loaded.ok) return null
  mkdirSync(BUILD, { recursive: true })
  writeFileSync(LOG, built.ok ? `${built.output}\n${loaded.output}` : built.output)
  if (!built.ok && !prefix && built.output.includes('network')) return NO_HEADERS
  const what = built.ok ? 'was built but cannot be loaded' : 'could not be compiled'
  return {
    reason: `it ${what} (${firstError(loaded.output)})`,
    hint: 'see native/build/build.log, then npm run setup',
  }
}

/**
 * From scratch, unless only our own sources changed: make sees those by itself.
 *
 * @param {string} compiler
 * @param {string | null} headersPrefix
 * @param {boolean} onlySources
 */
function nodeGyp(compiler, headersPrefix, onlySources) {
  const script = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
  const commands = onlySources ? ['configure', 'build'] : ['rebuild']
  const flags = ['--directory=native', `--jobs=${Math.min(4, availableParallelism())}`]
  if (headersPrefix) flags.push(`--nodedir=${headersPrefix}`)
  const env = {
    CXX: compiler,
    // binding.gyp calls `node`: it has to be this one.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    // `npm run --silent` would silence the reason of a failure too.
    npm_config_loglevel: 'warn',
  }
  return quietly(process.execPath, [script, ...commands, ...flags], { env })
}

/** @type {Problem} */
const ON_WINDOWS = {
  reason: 'it is not built on Windows',
  hint: 'work in the Windows Subsystem for Linux',
}

const NO_HEADERS = {
  reason: "Node's headers are not installed beside it and could not be downloaded",
  hint: 'install Node from nodejs.org, NodeSource or nvm (with its include folder), then npm run setup',
}

/** @param {string} output */
function firstError(output) {
  const lines = output.split('\n').map((line) => line.trim())
  const found =
    lines.find((line) => /error|ERR!|cannot|undefined|not found/i.test(line)) ?? lines.find(Boolean)
  return found?.slice(0, 200) ?? 'no message'
}

const TOOLS = {
  apt: 'g++ make python3',
  dnf: 'gcc-c++ make python3',
  brew: 'python3',
  other: 'a C++17 compiler, make and python3',
}
const ONEDNN = {
  apt: 'libdnnl-dev',
  dnf: 'onednn-devel',
  brew: 'onednn libomp',
  other: 'oneDNN 2.6 or later (and point DNNLROOT to it)',
}

/**
 * How to install something here, in the words of this system's package manager.
 *
 * @param {{ apt: string, dnf: string, brew: string, other: string }} packages
 */
function advice(packages) {
  if (platform() === 'darwin')
    return `xcode-select --install, brew install ${packages.brew}, then npm run setup`
  // Root, in a container for one, often has no sudo and needs none.
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  if (which('apt-get')) return `${sudo}apt-get install ${packages.apt}, then npm run setup`
  if (which('dnf')) return `${sudo}dnf install ${packages.dnf}, then npm run setup`
  return `install ${packages.other}, then npm run setup`
}
