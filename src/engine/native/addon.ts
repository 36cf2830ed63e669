/** The native addon's whole surface, typed. What it receives has been checked by engine.ts. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isCheckout } from '../../core/checkout.js'
import { messageOf } from '../../core/errors.js'
import { processorFlags } from '../../core/system.js'
import { atelierVersion } from '../../core/version.js'
import type { TensorId } from '../../graph/steps.js'
import type { TensorSpec } from '../../plan/plan.js'
import type { InputValues, ProgramDescription } from '../engine.js'
import { findPrebuilt, prebuiltPackage } from './prebuilt.js'
import { lacking } from './processor.js'

export interface NativeAddon {
  /** With no threads, a context works on JavaScript's own and gives results in place of promises. */
  readonly Context: new (
    threads: number,
  ) => NativeContext
  /** oneDNN's version at run time, such as 2.6.3. */
  readonly onednn: string
  /** The instruction set that oneDNN uses here. */
  readonly isa: string
  /** Whether bf16 is computed in hardware. */
  readonly bf16: boolean
}

/** A worker thread with its OpenMP pool and the memory of temporaries. Calls run in their order. */
export interface NativeContext {
  compile(plan: NativePlan, shareWith: NativeProgram | null): Promise<NativeProgram> | NativeProgram
}

export interface NativeStep {
  readonly kind: string
  /** Kind and operands, for error messages. */
  readonly title: string
  readonly [field: string]: unknown
}

export interface NativePlan {
  readonly tensors: readonly Pick<TensorSpec, 'name' | 'shape' | 'dtype' | 'persistent' | 'slot'>[]
  readonly steps: readonly NativeStep[]
  readonly slots: number
  /** Weights may be kept in the form that each step likes best, which is costly to renew. */
  readonly fixedWeights: boolean
  readonly inputs: readonly TensorId[]
  readonly outputs: readonly TensorId[]
}

export interface NativeProgram {
  /** With `profile`, the seconds of each step and, last, of inputs, outputs and copies of the weights. */
  run(
    iterations: number,
    inputs: readonly InputValues[],
    outputs: readonly Float32Array[],
    profile: boolean,
  ): Promise<Float64Array | undefined> | Float64Array | undefined
  read(tensors: readonly TensorId[], values: readonly Float32Array[]): Promise<void> | undefined
  write(tensors: readonly TensorId[], values: readonly Float32Array[]): Promise<void> | undefined
  describe(): ProgramDescription
  dispose(): void
}

export type AddonState =
  | { readonly addon: NativeAddon }
  | { readonly addon: null; readonly reason: string; readonly hint: string }

let state: AddonState | undefined

/** Loads the addon once; where that fails, says why and what to do, as the build left word of it. */
export function loadAddon(): AddonState {
  state ??= tryLoading()
  return state
}

/** The one built in place, in a checkout; where there is none that of the package for this system. */
function tryLoading(): AddonState {
  const inPlace = isCheckout ? tryBuiltInPlace() : null
  if (inPlace !== null && inPlace.addon !== null) return inPlace
  const prebuilt = findPrebuilt(atelierVersion(), processorFlags())
  if (prebuilt.file === null) return inPlace ?? { addon: null, reason: prebuilt.reason, hint: prebuilt.hint }
  try {
    return { addon: load(prebuilt.file) }
  } catch (error) {
    const hint = `see whether this system is as new as ${prebuiltPackage()} wants: docs/install.md`
    return { addon: null, reason: `its addon cannot be loaded: ${firstLineOf(error)}`, hint }
  }
}

const load = (file: string): NativeAddon => createRequire(import.meta.url)(file) as NativeAddon

const firstLineOf = (error: unknown): string => messageOf(error).split('\n')[0] ?? ''

const build = new URL('../../../native/build/', import.meta.url)

function tryBuiltInPlace(): AddonState {
  const status = buildStatus()
  const missing = lacking(new Set(status.processor ?? []), processorFlags())
  // It would load, and end the process at the first of them.
  if (missing !== null) {
    const reason = `its addon was built for another processor: this one lacks ${missing}`
    return { addon: null, reason, hint: 'run npm run setup here' }
  }
  try {
    return { addon: load(fileURLToPath(new URL('Release/atelier.node', build))) }
  } catch (error) {
    const { reason, hint } = status
    const absent = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
    return {
      addon: null,
      reason:
        reason ??
        (absent ? 'its addon has not been built' : `its addon cannot be loaded: ${firstLineOf(error)}`),
      hint: hint ?? 'run npm run setup',
    }
  }
}

interface BuildStatus {
  readonly reason?: string | null
  readonly hint?: string | null
  /** Flags of the processor that it was built on; builds of before do not tell. */
  readonly processor?: readonly string[]
}

function buildStatus(): BuildStatus {
  try {
    return JSON.parse(readFileSync(new URL('status.json', build), 'utf8'))
  } catch {
    return {}
  }
}
