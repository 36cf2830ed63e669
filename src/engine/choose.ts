/** Which engine runs: the native one where its addon loads, else the reference engine, with the reason said. */
import type { Engine } from './engine.js'

export type EngineName = 'auto' | Engine['name']

export interface EngineRequest {
  readonly engine: EngineName
  /** Of the native engine; by default the processors that this process may use. */
  readonly threads?: number | undefined
}

export interface ChosenEngine {
  readonly engine: Engine
  /** One line for people: why this one. */
  readonly reason: string
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
}

const asked = 'as asked'

/** Throws where the native engine is asked for by name and cannot be had. */
export async function chooseEngine(request: EngineRequest): Promise<ChosenEngine> {
  const { createNativeEngine } = await import('./native/engine.js')
  const threads = request.threads === undefined ? {} : { threads: request.threads }
  if (request.engine === 'reference') return { engine: await reference(), reason: asked }
  if (request.engine === 'native') return { engine: await createNativeEngine(threads), reason: asked }
  const unavailable = await whyNotNative()
  if (unavailable !== null) return { engine: await reference(), reason: unavailable }
  return { engine: await createNativeEngine(threads), reason: 'oneDNN is there' }
}

/** What `auto` chooses here, and what is known of the native engine. */
export async function describeEngines(): Promise<EnginesDescription> {
  const unavailable = await whyNotNative()
  if (unavailable !== null) {
    return { chosen: 'reference', reason: unavailable, native: { available: false, reason: unavailable } }
  }
  const { loadAddon } = await import('./native/addon.js')
  const { engine, reason } = await chooseEngine({ engine: 'auto' })
  const { onednn, isa } = loadAddon().addon ?? { onednn: '', isa: '' }
  const { bf16, threads, description } = engine
  return {
    chosen: 'native',
    reason,
    native: { available: true, reason: description, onednn, isa, bf16, threads },
  }
}

async function reference(): Promise<Engine> {
  const { createReferenceEngine } = await import('./reference/engine.js')
  return createReferenceEngine()
}

/** One line why the addon cannot be loaded and what to do, or null where it can. */
async function whyNotNative(): Promise<string | null> {
  const { loadAddon } = await import('./native/addon.js')
  const state = loadAddon()
  return state.addon === null ? `no native engine: ${state.reason}; to change that: ${state.hint}` : null
}
