/**
 * Which engine runs: the native one where its addon loads, else the wasm engine where WebAssembly has SIMD, else the
 * reference engine, with the reason said.
 */
import { mismatch, UsageError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import type { Engine } from './engine.js'
import { type EngineName, engineNames } from './names.js'

export interface EngineRequest {
  readonly engine: EngineName
  /** By default the cores that this process may use, within its quota; the reference engine has one in any case. */
  readonly threads?: number | undefined
}

export interface ChosenEngine {
  readonly engine: Engine
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
  /** What trains and classifies where the native engine is missing. */
  readonly wasm: {
    readonly available: boolean
    /** Why it cannot run, or the engine in words. */
    readonly reason: string
    readonly binary?: string
    readonly relaxedSimd?: boolean
    readonly sharedMemory?: boolean
    readonly threads?: number
  }
}

/**
 * @throws UsageError for an unknown name, which programs in JavaScript may give; AtelierError where an engine is asked for
 * by name and cannot be had.
 */
export async function chooseEngine(request: EngineRequest): Promise<ChosenEngine> {
  const { engine: name, threads } = request
  if (!engineNames.includes(name)) {
    throw new UsageError(mismatch('engine', formatAlternatives(engineNames), String(name)))
  }
  if (name !== 'auto') {
    return { engine: await engineOf(name, threads), reason: 'as asked', fallback: false }
  }
  const noNative = await whyNotNative()
  if (noNative === null)
    return { engine: await engineOf('native', threads), reason: 'oneDNN is there', fallback: false }
  const { describeWasm } = await import('./wasm/node.js')
  const wasm = describeWasm()
  if (wasm.available) return { engine: await engineOf('wasm', threads), reason: noNative, fallback: true }
  const neither = `${noNative}; no wasm engine: ${wasm.reason}`
  return { engine: await engineOf('reference', threads), reason: neither, fallback: true }
}

/** What `auto` chooses here, and what is known of each engine. */
export async function describeEngines(): Promise<EnginesDescription> {
  const { engine, reason } = await chooseEngine({ engine: 'auto' })
  return {
    chosen: engine.name,
    reason,
    native: await describeNative(engine),
    wasm: await describeWasmEngine(),
  }
}

/** `chosen` is the native one wherever there is one. */
async function describeNative(chosen: Engine): Promise<EnginesDescription['native']> {
  const unavailable = await whyNotNative()
  if (unavailable !== null) return { available: false, reason: unavailable }
  const { loadAddon } = await import('./native/addon.js')
  const { onednn, isa } = loadAddon().addon ?? { onednn: '', isa: '' }
  const { bf16, threads, description } = chosen
  return { available: true, reason: description, onednn, isa, bf16, threads }
}

async function describeWasmEngine(): Promise<EnginesDescription['wasm']> {
  const { createWasmEngine, describeWasm } = await import('./wasm/node.js')
  const found = describeWasm()
  if (!found.available) return found
  const { description, threads, features } = await createWasmEngine()
  const { binary } = found
  const own = { relaxedSimd: features.relaxed, sharedMemory: features.shared, threads }
  return { available: true, reason: description, binary, ...own }
}

async function engineOf(name: Exclude<EngineName, 'auto'>, threads?: number): Promise<Engine> {
  if (name === 'reference') return (await import('./reference/engine.js')).createReferenceEngine()
  if (name === 'wasm') return (await import('./wasm/node.js')).createWasmEngine({ threads })
  const { createNativeEngine } = await import('./native/engine.js')
  return createNativeEngine(threads === undefined ? {} : { threads })
}

/** One line why the addon cannot be loaded and what to do, or null where it can. */
async function whyNotNative(): Promise<string | null> {
  const { loadAddon } = await import('./native/addon.js')
  const state = loadAddon()
  return state.addon === null ? `no native engine: ${state.reason}; to change that: ${state.hint}` : null
}
