/**
 * Which engine runs: the native one where its addon loads, else, to classify, onnxruntime where it loads, else the
 * reference engine, with the reason said.
 */
import type { ClassifyingEngine, Engine } from './engine.js'
import type { ClassifyingEngineName, EngineName } from './names.js'

export interface EngineRequest<Name = EngineName> {
  readonly engine: Name
  /** By default the cores that this process may use, within its quota; the reference engine has one in any case. */
  readonly threads?: number | undefined
}

export interface ChosenEngine<E = Engine> {
  readonly engine: E
  /** One line for people: why this one. */
  readonly reason: string
  /** Whether it is one that nobody asked for, in the place of a faster one. */
  readonly fallback: boolean
}

export interface EnginesDescription {
  readonly chosen: Engine['name']
  readonly reason: string
  readonly native: {
    readonly available: boolean
    readonly reason: string
    readonly onednn?: string
    readonly isa?: string
    readonly bf16?: boolean
    readonly threads?: number
  }
  /** What classifies where the native engine is missing. */
  readonly onnxruntime: {
    readonly available: boolean
    readonly version?: string
    readonly reason?: string
  }
}

const asked = { reason: 'as asked', fallback: false }

/** Throws where the native engine is asked for by name and cannot be had. */
export async function chooseEngine(request: EngineRequest): Promise<ChosenEngine> {
  const { createNativeEngine } = await import('./native/engine.js')
  const threads = request.threads === undefined ? {} : { threads: request.threads }
  if (request.engine === 'reference') return { engine: await reference(), ...asked }
  if (request.engine === 'native') return { engine: await createNativeEngine(threads), ...asked }
  const unavailable = await whyNotNative()
  if (unavailable !== null) return { engine: await reference(), reason: unavailable, fallback: true }
  return { engine: await createNativeEngine(threads), reason: 'oneDNN is there', fallback: false }
}

/** As `chooseEngine`, for whoever classifies and does not train. */
export async function chooseClassifyingEngine(
  request: EngineRequest<ClassifyingEngineName>,
): Promise<ChosenEngine<ClassifyingEngine>> {
  const { engine, threads } = request
  if (engine === 'onnxruntime') return { engine: await onnxRuntime(threads), ...asked }
  const unavailable = engine === 'auto' ? await whyNotNative() : null
  if (unavailable === null || !(await describeOnnxRuntime()).available)
    return chooseEngine({ engine, threads })
  return { engine: await onnxRuntime(threads), reason: unavailable, fallback: true }
}

/** What `auto` chooses here, and what is known of the native engine. */
export async function describeEngines(): Promise<EnginesDescription> {
  const [unavailable, onnxruntime] = await Promise.all([whyNotNative(), describeOnnxRuntime()])
  if (unavailable !== null) {
    const native = { available: false, reason: unavailable }
    return { chosen: 'reference', reason: unavailable, native, onnxruntime }
  }
  const { loadAddon } = await import('./native/addon.js')
  const { engine, reason } = await chooseEngine({ engine: 'auto' })
  const { onednn, isa } = loadAddon().addon ?? { onednn: '', isa: '' }
  const { bf16, threads, description } = engine
  return {
    chosen: 'native',
    reason,
    native: { available: true, reason: description, onednn, isa, bf16, threads },
    onnxruntime,
  }
}

async function reference(): Promise<Engine> {
  const { createReferenceEngine } = await import('./reference/engine.js')
  return createReferenceEngine()
}

async function onnxRuntime(threads?: number): Promise<ClassifyingEngine> {
  const { createOnnxRuntimeEngine } = await import('./onnxruntime/engine.js')
  return createOnnxRuntimeEngine({ threads })
}

async function describeOnnxRuntime(): Promise<EnginesDescription['onnxruntime']> {
  const { loadOnnxRuntime } = await import('./onnxruntime/runtime.js')
  const { runtime, ...state } = await loadOnnxRuntime()
  return { available: runtime !== null, ...state }
}

/** One line why the addon cannot be loaded and what to do, or null where it can. */
async function whyNotNative(): Promise<string | null> {
  const { loadAddon } = await import('./native/addon.js')
  const state = loadAddon()
  return state.addon === null ? `no native engine: ${state.reason}; to change that: ${state.hint}` : null
}
