/** The engine on Node: its binaries are files, its threads worker threads. */
import { readFile } from 'node:fs/promises'
import { usableCores } from '../../core/cores.js'
import { builtFile, startWorker } from '../../core/worker.js'
import { checkedThreads } from '../checks.js'
import type { Features } from './binary.js'
import { openWasmEngine, type WasmEngine, type WasmHost } from './engine.js'
import type { ThreadStarter } from './pool.js'

const startThread: ThreadStarter = (start, reported, failed) => {
  const worker = startWorker(import.meta.url, './node-worker.js', start)
  worker.on('message', reported)
  worker.on('error', (error) => failed(error.message))
  worker.on('exit', (code) => failed(`it ended with code ${code}`))
  return {
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
    stop: () => worker.terminate(),
  }
}

const host: WasmHost = {
  binary: (name) => readFile(builtFile(import.meta.url, `./${name}.wasm`)),
  startThread,
}

/**
 * An engine with a memory and a pool of threads of its own; `threads` defaults to `usableCores`, `features` to all that
 * this Node has. Throws where it lacks SIMD or the binary was not built.
 */
export function createWasmEngine(
  options: { readonly threads?: number | undefined; readonly features?: Features } = {},
): Promise<WasmEngine> {
  return openWasmEngine(host, { ...options, threads: checkedThreads(options.threads ?? usableCores()) })
}
