// Installing one system package with apt-get, or unpacking it for the tests alone, if that is allowed and possible.
// A failure is never fatal: it comes back as a reason, and the caller says what follows from it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { quietly, readJson, root, say, which, writeJson } from './shell.mjs'

/** @typedef {Record<string, { reason: string, at: number }>} Failures why each package could not be had, and when */
/** @typedef {(args: readonly string[]) => { ok: boolean, output: string }} AptGet */

const CACHE = join(root, 'node_modules', '.cache', 'atelier')
const FAILURES = join(CACHE, 'apt.json')
const RETRY_AFTER_MS = 24 * 3600 * 1000
let updated = false

/**
 * Installs `name`; `what` says in a few words what it is for. Null when it is installed, else why it is not.
 * An attempt that failed is not repeated for a day (without a network each takes minutes), unless `insist`.
 *
 * @param {string} name
 * @param {string} what
 * @param {boolean} [insist]
 */
export function aptInstall(name, what, insist) {
  return attempt(name, insist, () => install(name, what))
}

/**
 * As `aptInstall`, but the package's files go to `unpackedFolder(name)`: nothing of the system changes, so a server
 * that it holds is not started, now or at the next boot. For packages that need no others which a system may lack.
 *
 * @param {string} name
 * @param {string} what
 * @param {boolean} [insist]
 */
export function aptUnpack(name, what, insist) {
  return attempt(name, insist, () => unpack(name, what))
}

/** @param {string} name */
export const unpackedFolder = (name) => join(CACHE, 'packages', name)

/**
 * @param {string} name
 * @param {boolean | undefined} insist
 * @param {() => string | null} get
 */
function attempt(name, insist, get) {
  if (!['', '0', undefined].includes(process.env.ATELIER_NO_APT)) return 'ATELIER_NO_APT forbids apt-get'
  if (!which('apt-get')) return 'this system has no apt-get'
  const failures = /** @type {Failures | null} */ (readJson(FAILURES)) ?? {}
  const last = failures[name]
  if (last && !insist && Date.now() - last.at < RETRY_AFTER_MS) return last.reason
  const reason = get()
  if (reason) writeJson(FAILURES, { ...failures, [name]: { reason, at: Date.now() } })
  return reason
}

/**
 * @param {string} name
 * @param {string} what
 */
function install(name, what) {
  const aptGet = privilegedAptGet(name)
  if (!aptGet) return 'installing it needs root or sudo'
  if (!hasCandidate(name) && !update(aptGet)) return 'apt-get update failed'
  if (!hasCandidate(name)) return 'the configured apt sources do not have it'
  say(`Installing ${name} with apt-get (${what})`)
  let result = aptGet(['install', '--yes', '--no-install-recommends', name])
  // Package lists that are too old name versions that the mirror has dropped.
  if (!result.ok && !updated && update(aptGet)) {
    result = aptGet(['install', '--yes', '--no-install-recommends', name])
  }
  if (result.ok) return null
  return `apt-get could not install it (${firstError(result.output)})`
}

/**
 * @param {string} name
 * @param {string} what
 */
function unpack(name, what) {
  if (!hasCandidate(name)) return 'the package lists do not have it'
  say(`Unpacking ${name} below node_modules (${what})`)
  const folder = unpackedFolder(name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const downloaded = quietly('apt-get', ['download', name], { cwd: folder, env: { LC_ALL: 'C' } })
  if (!downloaded.ok) return `apt-get could not download it (${firstError(downloaded.output)})`
  const file = readdirSync(folder).find((entry) => entry.endsWith('.deb')) ?? ''
  const unpacked = quietly('dpkg-deb', ['--extract', file, '.'], { cwd: folder })
  return unpacked.ok ? null : `dpkg-deb could not unpack it (${unpacked.output.trim()})`
}

/** @param {string} output */
function firstError(output) {
  const error = output.split('\n').find((line) => line.startsWith('E: '))
  return error ? error.slice(3) : 'no reason given'
}

/** @param {AptGet} aptGet */
function update(aptGet) {
  say("Updating apt's package lists with apt-get update")
  updated = true
  return aptGet(['update']).ok
}

/** @param {string} name */
function hasCandidate(name) {
  const { output } = quietly('apt-cache', ['policy', name], { env: { LC_ALL: 'C' } })
  return /Candidate: (?!\(none\))/.test(output)
}

/**
 * A function that runs apt-get as root: directly, or through sudo, which may ask for a password on a terminal.
 *
 * @param {string} name
 * @returns {AptGet | null}
 */
function privilegedAptGet(name) {
  // Another apt-get (unattended upgrades on a fresh machine) holds the lock for a while: wait for it.
  const settings = ['-o', 'DPkg::Lock::Timeout=120']
  const frontend = 'DEBIAN_FRONTEND=noninteractive'
  /** @param {readonly string[]} args */
  const aptGet = (args) => ['env', frontend, 'LC_ALL=C', 'apt-get', ...settings, ...args]
  if (process.getuid?.() === 0) return (args) => quietly('env', aptGet(args).slice(1))
  if (!which('sudo')) return null
  if (!quietly('sudo', ['-n', 'true']).ok) {
    if (!process.stdin.isTTY) return null
    say(`Installing ${name} needs sudo, which may ask for your password (ATELIER_NO_APT=1 skips this)`)
    if (spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status !== 0) return null
  }
  return (args) => quietly('sudo', ['-n', ...aptGet(args)])
}
