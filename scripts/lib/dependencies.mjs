// npm dependencies: `npm ci` when what is installed is not what package-lock.json says.
import { join } from 'node:path'
import { npm, readJson, root, SetupError, say } from './shell.mjs'

export function installDependencies() {
  if (dependenciesAreCurrent()) return
  say('Installing the npm dependencies with npm ci')
  const { ok, output } = npm(['ci', '--no-progress', '--loglevel=error'], {
    // onnxruntime-node would download CUDA libraries at install; the CPU library is in its package.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  if (!ok) {
    throw new SetupError(
      `${output.trim()}\nnpm ci failed (its output is above). Mend that, then run npm run setup again.`,
    )
  }
}

/**
 * npm keeps what it installed in node_modules/.package-lock.json: the lock file's entries less the optional
 * packages of other platforms. Comparing the two is exact where file times are not (a checkout, a copy).
 */
function dependenciesAreCurrent() {
  const wanted = lockedPackages(join(root, 'package-lock.json'))
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !installed) return false
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = installed[path]
    if (found ? found.version !== entry.version || found.integrity !== entry.integrity : !entry.optional)
      return false
  }
  return Object.keys(installed).every((path) => path in wanted)
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * What npm's lock file says by each package's path.
 *
 * @param {string} file
 */
function lockedPackages(file) {
  return /** @type {{ packages?: Record<string, LockedPackage> } | null} */ (readJson(file))?.packages
}
