// Builds the studio, the web page that `atelier serve` shows, to dist/studio when a source, a setting or a
// dependency changed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, hashFiles, readJson, root, SetupError, say, tool, writeJson } from './shell.mjs'

const OUT = join(root, 'dist', 'studio')
const STAMP = join(OUT, '.stamp.json')

export function buildStudio() {
  const stamp = hashFiles(root, inputs())
  if (
    /** @type {{ stamp?: string } | null} */ (readJson(STAMP))?.stamp === stamp &&
    existsSync(join(OUT, 'index.html'))
  )
    return
  say('Building the studio')
  const { ok, output } = tool('vite', ['build', 'studio', '--logLevel', 'warn'])
  if (!ok) throw new SetupError(`${output.trim()}\nThe studio does not build (the errors are above).`)
  writeJson(STAMP, { stamp })
}

/** The studio's own files, and src/, of which it takes what needs no Node. */
function inputs() {
  const own = filesBelow(join(root, 'studio'), () => true).map((path) => join('studio', path))
  const shared = filesBelow(join(root, 'src'), (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  return [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    ...own,
    ...shared.map((path) => join('src', path)),
  ]
}
