// What every step of the set-up uses: the repository's root, quiet child processes, hashes, plain lines.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { platform } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A step that nothing can go on without has failed: its message ends the set-up with exit code 1. */
export class SetupError extends Error {}

/**
 * Runs an entry point's work; a SetupError becomes its message and exit code 1.
 *
 * @template Result
 * @param {() => Result} work
 */
export function main(work) {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exit(1)
  }
}

/**
 * One line for the user. Set-up is progress, not a result, so it goes to stderr.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a command without showing its output: `{ ok, output, stdout }`, where output is stdout, then stderr.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, input?: string, cwd?: string }} [options]
 */
export function quietly(command, args, { env, input, cwd = root } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? result.error.message : ''}`
  return { ok: result.status === 0, output, stdout: result.stdout ?? '' }
}

/**
 * `quietly` for npm: the one that runs this script, else that of the PATH, which on Windows is a file of commands that
 * only the system's shell runs.
 *
 * @param {readonly string[]} args of letters, digits and `-=./:@`, on Windows
 * @param {Parameters<typeof quietly>[2]} [options]
 */
export function npm(args, options) {
  const own = process.env.npm_execpath
  if (own?.endsWith('.js')) return quietly(process.execPath, [own, ...args], options)
  return platform() === 'win32'
    ? quietly('cmd.exe', ['/c', 'npm', ...args], options)
    : quietly('npm', args, options)
}

const PACKAGE_OF = { biome: '@biomejs/biome', tsc: 'typescript', vite: 'vite', vitest: 'vitest' }

/**
 * The script of a development tool. What npm links in node_modules/.bin is started by a POSIX shell or by Windows', which a
 * process started without a shell is not.
 *
 * @param {keyof typeof PACKAGE_OF} name
 */
export function toolScript(name) {
  const folder = join(root, 'node_modules', PACKAGE_OF[name])
  const { bin } = /** @type {{ bin: Record<string, string> }} */ (readJson(join(folder, 'package.json')))
  return join(folder, bin[name] ?? '')
}

/**
 * `quietly` for a development tool.
 *
 * @param {keyof typeof PACKAGE_OF} name
 * @param {readonly string[]} args
 */
export const tool = (name, args) => quietly(process.execPath, [toolScript(name), ...args])

/**
 * The full path of a program found in PATH (or given as a path), else null.
 *
 * @param {string} program
 */
export function which(program) {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter)
  for (const folder of folders) {
    const path = folder === '' ? program : join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return null
}

/**
 * Every file below `base` that `keep` accepts, sorted, as paths relative to `base`.
 *
 * @param {string} base
 * @param {(path: string) => boolean} keep
 * @returns {string[]}
 */
export function filesBelow(base, keep, folder = '') {
  /** @type {string[]} */
  const found = []
  for (const entry of readdirSync(join(base, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...filesBelow(base, keep, path))
    else if (keep(path)) found.push(path)
  }
  return found.sort()
}

/**
 * SHA-256 over names and contents, so that a renamed file counts as a change.
 *
 * @param {string} base
 * @param {readonly string[]} paths
 */
export function hashFiles(base, paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    hash.update(`${path}\0`)
    hash.update(readFileSync(join(base, path)))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/**
 * A JSON file's value, or null when it is missing or not JSON.
 *
 * @param {string} path
 * @returns {unknown}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/**
 * @param {string} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true })
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Writes a file under a temporary name first, so that a reader never sees half of it.
 *
 * @param {string} path
 * @param {string} text
 */
export function writeWhole(path, text) {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}
