/** The engine on Node: its binaries are files, its threads worker threads. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { usableCores } from '../../core/cores.js'
import { AtelierError } from '../../core/errors.js'
import { builtFile, startWorker } from '../../core/worker.js'
import { checkedThreads } from '../checks.js'
import { binaryName, type Features, featuresOf } from './binary.js'
import { openWasmEngine, type WasmEngine, type WasmHost } from './engine.js'
import type { ThreadStarter } from './pool.js'

export const startThread: ThreadStarter = (start, reported, failed) => {
  const worker = startWorker(import.meta.url, './node-worker.js', start)
  worker.on('message', reported)
  worker.on('error', (error) => failed(error.message))
  worker.on('exit', (code) => failed(`it ended with code ${code}`))
  return {
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
    stop: () => worker.terminate(),
  }
}

/** Where the build has put a binary. */
export const fileOf = (binary: string): URL => builtFile(import.meta.url, `./${binary}.wasm`)

const host: WasmHost = { binary: (name) => readFile(fileOf(name)), startThread }

export type WasmState =
  | { readonly available: true; readonly binary: string }
  | { readonly available: false; readonly reason: string }

/** Which binary this Node takes, or why none. */
export function describeWasm(): WasmState {
  const features = featuresOf()
  if (features === null) return { available: false, reason: "this Node's WebAssembly has no SIMD" }
  const binary = binaryName(features)
  if (existsSync(fileOf(binary))) return { available: true, binary }
  return { available: false, reason: `${binary}.wasm was not built; run npm run build:wasm` }
}

/**
 * An engine with a memory and a pool of threads of its own; `threads` defaults to `usableCores`, `features` to all that
 * this Node has. Throws where it lacks SIMD or the binary was not built.
 */
export async function createWasmEngine(
  options: { readonly threads?: number | undefined; readonly features?: Features } = {},
): Promise<WasmEngine> {
  const state = describeWasm()
  if (!state.available) throw new AtelierError(`The wasm engine is not available: ${state.reason}.`)
  return openWasmEngine(host, { ...options, threads: checkedThreads(options.threads ?? usableCores()) })
}
