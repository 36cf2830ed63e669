/** The engines that the suite holds to one behaviour. */
import { messageOf } from '../../src/core/errors.js'
import type { Engine } from '../../src/engine/engine.js'
import { createNativeEngine } from '../../src/engine/native/engine.js'
import { createReferenceEngine } from '../../src/engine/reference/engine.js'
import { createWasmEngine } from '../../src/engine/wasm/node.js'

/** The judge: plain TypeScript in double precision. */
export const oracle = createReferenceEngine({ precision: 'f64' })

export interface Candidate {
  /** Names the engine, or says why there is none. */
  readonly label: string
  readonly engine: Engine | null
}

async function nativeCandidate(): Promise<Candidate> {
  try {
    const engine = await createNativeEngine({ threads: 2 })
    return { label: `native engine (${engine.description})`, engine }
  } catch (error) {
    return { label: `native engine, skipped: ${messageOf(error)}`, engine: null }
  }
}

/** Of the machine's own Node; the binaries that it does not take have their tests in src/engine/wasm/. */
const wasm = await createWasmEngine({ threads: 2 })
export const wasmCandidate: Candidate = { label: `wasm engine (${wasm.description})`, engine: wasm }
export const native = await nativeCandidate()
export const candidates: readonly Candidate[] = [
  { label: 'reference engine, f32', engine: createReferenceEngine() },
  native,
  wasmCandidate,
]
/** Those that are fast, and so may differ from the judge in what only speed asks for. */
export const fast = [native, wasmCandidate]
