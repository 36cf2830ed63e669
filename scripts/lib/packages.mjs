// The system packages that Atelier can make use of, each with how to see that it is not needed.
import { existsSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { aptInstall, aptUnpack, unpackedFolder } from './apt.mjs'
import { say, which } from './shell.mjs'
import { findCompiler, onednnVersion } from './toolchain.mjs'

/** @typedef {'run' | 'test'} Purpose */

/**
 * name: the package of Debian and Ubuntu. purposes: the commands that need it (`run` is every one). missing:
 * whether it is needed and not there. get: how. without: what follows when it stays missing, or null where a later step says it.
 *
 * @type {readonly {
 *   name: string, purposes: readonly Purpose[], what: string, missing: () => boolean, get: typeof aptInstall,
 *   without: string | null
 * }[]}
 */
const PACKAGES = [
  {
    name: 'libdnnl-dev',
    purposes: ['run', 'test'],
    what: 'the library the native engine runs on',
    // Without a compiler the headers are of no use.
    missing: () => findCompiler() !== null && onednnVersion() === null,
    get: aptInstall,
    without: null,
  },
  {
    name: 'dataset-fashion-mnist',
    purposes: ['run', 'test'],
    what: 'the data set, 30 MB',
    missing: () => !hasData(),
    get: aptInstall,
    without:
      'the first command that needs the data set downloads it (30 MB); ATELIER_DATA can name a folder that has it',
  },
  {
    name: 'chromium',
    purposes: ['test'],
    what: 'a browser for the tests of pages',
    missing: () => !hasBrowser(),
    get: aptInstall,
    without: 'the tests of pages in a browser are skipped; ATELIER_CHROMIUM can name one',
  },
  {
    name: 'nginx',
    purposes: ['test'],
    what: 'a reverse proxy for a test; it is not installed',
    missing: () => !hasNginx(),
    get: aptUnpack,
    without: 'the test behind a reverse proxy is skipped',
  },
]

/**
 * Installs what is missing for a purpose. The result maps each package that stays missing to the reason.
 *
 * @param {Purpose} purpose
 * @param {boolean} insist
 */
export function installSystemPackages(purpose, insist) {
  /** @type {Map<string, string>} */
  const failed = new Map()
  for (const { name, purposes, what, missing, get, without } of PACKAGES) {
    if (!purposes.includes(purpose) || !missing()) continue
    const reason = get(name, what, insist)
    if (!reason) continue
    failed.set(name, reason)
    if (without) say(`${name} is not installed: ${reason}; ${without}.`)
  }
  return failed
}

/** Whether the tests find a browser (test/browser/chromium.ts has the same names). */
function hasBrowser() {
  if (process.env.ATELIER_CHROMIUM) return true
  return ['chromium', 'chromium-browser', 'google-chrome'].some((name) => which(name) !== null)
}

/** Whether the tests find nginx (test/support/nginx.ts has the same places). */
function hasNginx() {
  return ['nginx', '/usr/sbin/nginx', join(unpackedFolder('nginx'), 'usr', 'sbin', 'nginx')].some(
    (place) => which(place) !== null,
  )
}

/** Whether the data set lies where the commands look for it (src/data/locate.ts has the same places and names). */
function hasData() {
  if (process.env.ATELIER_DATA) return true // The user's own choice: the commands say if it is wrong.
  const caches = platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
  const xdg = process.env.XDG_CACHE_HOME
  const cache = join(xdg && isAbsolute(xdg) ? xdg : caches, 'atelier', 'fashion-mnist')
  const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']
  return [cache, '/usr/share/datasets/fashion-mnist'].some((folder) =>
    names.every((name) =>
      [`${name}-ubyte`, `${name}-ubyte.gz`].some((spelling) => existsSync(join(folder, spelling))),
    ),
  )
}
