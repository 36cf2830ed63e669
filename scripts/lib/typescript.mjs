// Compiles src/ to dist/ when a source, a setting or the compiler changed, and links the `atelier` command.
import { chmodSync, existsSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { platform } from 'node:os'
import { join, sep } from 'node:path'
import {
  filesBelow,
  hashFiles,
  readJson,
  root,
  SetupError,
  say,
  tool,
  writeJson,
  writeWhole,
} from './shell.mjs'

const DIST = join(root, 'dist')
const STAMP = join(DIST, '.stamp.json')
const MAIN = join(DIST, 'cli', 'main.js')

export function buildTypeScript() {
  const sources = filesBelow(join(root, 'src'), (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  const inputs = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    join('scripts', 'lib', 'charts.vite.mjs'),
    ...sources.map((path) => join('src', path)),
  ]
  const stamp = hashFiles(root, inputs)
  const whole = sources.every((path) => existsSync(join(DIST, path.replace(/\.ts$/, '.js'))))
  if (/** @type {{ stamp?: string } | null} */ (readJson(STAMP))?.stamp === stamp && whole) return
  // The compiler keeps a note of what it wrote, and does not see that some of it is gone.
  if (!whole) rmSync(join(DIST, '.tsbuildinfo'), { force: true })
  say('Compiling the TypeScript')
  const { ok, output } = tool('tsc', ['-p', 'tsconfig.build.json', '--pretty', 'false'])
  if (!ok) throw new SetupError(`${output.trim()}\nThe TypeScript does not compile (the errors are above).`)
  bundleCharts()
  removeOrphans(new Set(sources))
  chmodSync(MAIN, 0o755)
  writeJson(STAMP, { stamp })
}

/** In the place of a compiled file that imports hundreds of ECharts' own. */
function bundleCharts() {
  const config = join(root, 'scripts', 'lib', 'charts.vite.mjs')
  const { ok, output } = tool('vite', ['build', '--config', config, '--logLevel', 'warn'])
  if (!ok) throw new SetupError(`${output.trim()}\nThe charts cannot be bundled (the errors are above).`)
}

/** The studio's own build lies there too. */
const STUDIO = `studio${sep}`

/**
 * Outputs of sources that are gone. The others stay in place: a training run may be using them right now.
 *
 * @param {ReadonlySet<string>} sources
 */
function removeOrphans(sources) {
  const outputs = filesBelow(DIST, (path) => !path.startsWith(STUDIO) && /\.(js|js\.map|d\.ts)$/.test(path))
  for (const path of outputs) {
    if (!sources.has(path.replace(/\.(js|js\.map|d\.ts)$/, '.ts'))) rmSync(join(DIST, path))
  }
}

/**
 * npm links the commands of dependencies, not the package's own: `npx --no-install atelier` needs this. On Windows, where
 * links want rights that few have, a script stands in its place, as npm does it.
 */
export function linkCommand() {
  if (platform() === 'win32') {
    writeWhole(
      join(root, 'node_modules', '.bin', 'atelier.cmd'),
      '@node "%~dp0\\..\\..\\dist\\cli\\main.js" %*\r\n',
    )
    return
  }
  const link = join(root, 'node_modules', '.bin', 'atelier')
  const target = join('..', '..', 'dist', 'cli', 'main.js')
  try {
    if (readlinkSync(link) === target) return
  } catch {}
  rmSync(link, { force: true })
  symlinkSync(target, link)
}
