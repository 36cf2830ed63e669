/** ONNX Runtime for WebAssembly alone. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import * as ort from 'onnxruntime-web/wasm'

export async function load(): Promise<typeof ort> {
  ort.env.wasm.wasmPaths = { wasm }
  // More threads need an isolated page. The server's headers ask for one, which browsers grant only at https and at
  // localhost. One thread works everywhere, and is quick enough for these models.
  ort.env.wasm.numThreads = 1
  return ort
}
