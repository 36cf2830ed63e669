/** The wasm engine in a page: its binaries are files of the studio's, its threads workers. */
import type { WasmHost } from '../../../src/engine/wasm/engine.js'
import type { Thread, ThreadStarter } from '../../../src/engine/wasm/pool.js'
import type { WorkerReport } from '../../../src/engine/wasm/work.js'

/** Addresses by path. */
const binaries = import.meta.glob<string>('../../../dist/engine/wasm/*.wasm', {
  query: '?url',
  import: 'default',
  eager: true,
})

const startThread: ThreadStarter = (start, reported, failed): Thread => {
  const worker = new Worker(new URL('./pool-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerReport>) => reported(data))
  worker.addEventListener('error', ({ message }) => failed(message || 'its script cannot be loaded'))
  worker.postMessage(start)
  return {
    // A page's workers keep nothing alive.
    hold: () => {},
    stop: async () => worker.terminate(),
  }
}

export const wasmHost: WasmHost = {
  async binary(name) {
    const address = binaries[`../../../dist/engine/wasm/${name}.wasm`]
    const response = await fetch(address as string)
    if (!response.ok) throw new Error(`${response.url} answers ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  },
  // Without isolation a page has no memory that threads could share.
  startThread: crossOriginIsolated ? startThread : null,
}
