/** Commands that are printed to be used again: pasted into a shell as they are, they do what they say. */
import { realpathSync } from 'node:fs'
import { platform } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A word for a POSIX shell, or for those of Windows, in quotes where it needs them. */
export function quoted(word: string, system: string = platform()): string {
  if (system === 'win32') return /^[\w+,./:=@\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
  if (/^[\w%+,./:@-][\w%+,./:=@-]*$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Words as one line for a shell. */
export const commandLine = (words: readonly string[]): string => words.map((word) => quoted(word)).join(' ')

/** `atelier train --resume RUN` by the name that the command has in the reader's shell, here and now. */
export const atelierCommand = (...words: readonly string[]): string =>
  `${commandName()} ${commandLine(words)}`

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** As `atelier` where a shell finds it, as npx finds it from the folder of work, or by its file, which always works. */
export function commandName(): string {
  if (isOnPath()) return 'atelier'
  if (npxFindsIt(process.cwd())) return 'npx --no-install atelier'
  return commandLine(['node', program])
}

/** npm adds the folders of its own links for what it starts: the shell that started npm does not have them. */
function isOnPath(): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const others = folders.filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
  const found = others.map((folder) => targetOf(join(folder, 'atelier'))).find((target) => target !== null)
  return found === program
}

/** npx looks for a link in `node_modules` of a folder, and of each above it; on Windows that is a script, beside the package. */
function npxFindsIt(folder: string): boolean {
  const modules = join(folder, 'node_modules')
  const inPackage = platform() === 'win32' ? join(modules, 'atelier', 'dist', 'cli', 'main.js') : null
  const target = targetOf(inPackage ?? join(modules, '.bin', 'atelier'))
  if (target !== null) return target === program
  return folder !== dirname(folder) && npxFindsIt(dirname(folder))
}

/** The file that a link leads to; null where there is none. */
function targetOf(link: string): string | null {
  try {
    return realpathSync(link)
  } catch {
    return null
  }
}
