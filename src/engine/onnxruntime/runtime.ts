/** onnxruntime (https://onnxruntime.ai), which is loaded only where it is needed. */
import { messageOf } from '../../core/errors.js'

export type OnnxRuntime = typeof import('onnxruntime-node')

export type RuntimeState =
  | { readonly runtime: OnnxRuntime; readonly version: string }
  /** One line why it cannot be loaded. */
  | { readonly runtime: null; readonly reason: string }

let state: Promise<RuntimeState> | undefined

/** The library, or why it is not to be had here: not installed, or without a binary for this platform. */
export function loadOnnxRuntime(): Promise<RuntimeState> {
  state ??= import('onnxruntime-node').then(
    (runtime) => ({ runtime, version: runtime.env.versions.node ?? 'of unknown version' }),
    (error: unknown) => ({ runtime: null, reason: reasonOf(error) }),
  )
  return state
}

/** It is a package that whoever wants it installs; its script would only download what GPUs need. */
const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    ? 'the package onnxruntime-node is not installed (npm install onnxruntime-node --ignore-scripts)'
    : (messageOf(error).split('\n')[0] as string)
