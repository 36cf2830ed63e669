/** What the page and its inference worker say to each other: one question at a time, and its answer. */
import type { Problem } from '../text/studio-error.js'

export interface Tensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** An ONNX file of a model. */
export interface ModelFile {
  readonly url: string
  /** Differs when the weights do. */
  readonly version: string
}

export interface Asked extends ModelFile {
  /** [count, 28, 28] bytes. */
  readonly images: Uint8Array<ArrayBuffer>
  readonly count: number
}

export interface Outputs {
  readonly outputs: ReadonlyMap<string, Tensor>
  readonly device: Device
  /** Of the run alone, without loading. */
  readonly milliseconds: number
}

export type Answered =
  | (Outputs & { readonly state: 'done' })
  /** The file did not come; the worker goes on. */
  | { readonly state: 'refused'; readonly problem: Problem }
  /** The runtime failed, which does not recover: the worker is of no use any more. */
  | { readonly state: 'broken'; readonly reason: string }

export type Device = 'WebGPU' | 'WebAssembly'
