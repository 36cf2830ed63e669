// Compiles wasm/ into the folder that is its argument: one binary for each set of features (see wasm.mjs).
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { root } from './shell.mjs'

/** Pages of 64 KiB: all that 32-bit addresses reach. */
const MAXIMUM_MEMORY = 65_536

const common = [
  ...['--baseDir', root, '--optimizeLevel', '3', '--converge', '--noAssert', '--runtime', 'stub'],
  ...[
    '--importMemory',
    '--noExportMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    String(MAXIMUM_MEMORY),
  ],
  ...['--importTable', '--memoryBase', '1024', '--enable', 'simd'],
]
const shared = ['--enable', 'threads', '--sharedMemory']
const relaxed = ['--enable', 'relaxed-simd']
/** By the names that src/engine/wasm/binary.ts gives them. */
const binaries = {
  'private-simd': [],
  'private-relaxed': relaxed,
  'shared-simd': shared,
  'shared-relaxed': [...shared, ...relaxed],
}

const folder = process.argv[2] ?? '.'
for (const [name, flags] of Object.entries(binaries)) {
  const outFile = join(folder, `${name}.wasm`)
  const { error, stderr } = await asc.main(['wasm/index.ts', '--outFile', outFile, ...common, ...flags])
  if (error === null) continue
  process.stderr.write(`${stderr.toString()}${error.message}\n`)
  process.exitCode = 1
  break
}
