/** onnxruntime (https://onnxruntime.ai), which is loaded only where it is needed. */
import { messageOf } from '../../core/errors.js'

export type OnnxRuntime = typeof import('onnxruntime-node')

export type RuntimeState =
  | { readonly runtime: OnnxRuntime; readonly version: string }
  /** One line why it cannot be loaded. */
  | { readonly runtime: null; readonly reason: string }

let state: Promise<RuntimeState> | undefined

/** The library, or why this machine cannot run it (its package has no binary for every platform). */
export function loadOnnxRuntime(): Promise<RuntimeState> {
  state ??= import('onnxruntime-node').then(
    (runtime) => ({ runtime, version: runtime.env.versions.node ?? 'of unknown version' }),
    (error: unknown) => ({ runtime: null, reason: messageOf(error).split('\n')[0] as string }),
  )
  return state
}
