// Compiles wasm/ (AssemblyScript) to dist/engine/wasm/*.wasm when a source or the compiler changed. Needs npm packages alone.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, hashFiles, quietly, readJson, root, SetupError, say, writeJson } from './shell.mjs'

const TARGET = join(root, 'dist', 'engine', 'wasm')
const STAMP = join(TARGET, '.stamp.json')
const COMPILE = join('scripts', 'lib', 'compile-wasm.mjs')

/** @typedef {{ stamp: string, files: readonly string[] }} Built */

export function buildWasm() {
  const sources = filesBelow(join(root, 'wasm'), (path) => path.endsWith('.ts'))
  const inputs = ['package-lock.json', COMPILE, ...sources.map((path) => join('wasm', path))]
  const stamp = hashFiles(root, inputs)
  const last = /** @type {Built | null} */ (readJson(STAMP))
  if (last?.stamp === stamp && last.files.every((file) => existsSync(join(TARGET, file)))) return
  say('Compiling the WebAssembly engine')
  mkdirSync(TARGET, { recursive: true })
  const folder = mkdtempSync(join(TARGET, '.build-'))
  try {
    const { ok, output } = quietly(process.execPath, [COMPILE, folder])
    if (!ok)
      throw new SetupError(
        `${output.trim()}\nThe WebAssembly engine does not compile (the errors are above).`,
      )
    // Whole files in place of whole files: a training may be loading them right now.
    const files = readdirSync(folder)
    for (const file of files) renameSync(join(folder, file), join(TARGET, file))
    writeJson(STAMP, { stamp, files })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
