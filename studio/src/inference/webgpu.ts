/** ONNX Runtime with WebGPU. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import * as ort from 'onnxruntime-web/webgpu'

export async function load(): Promise<typeof ort> {
  ort.env.wasm.wasmPaths = { wasm }
  ort.env.wasm.numThreads = 1
  return ort
}
