/** ONNX Runtime for WebAssembly alone. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import * as ort from 'onnxruntime-web/wasm'

export async function load(): Promise<typeof ort> {
  ort.env.wasm.wasmPaths = { wasm }
  // More threads need a page that is isolated from all others, and these models are quick enough with one.
  ort.env.wasm.numThreads = 1
  return ort
}
