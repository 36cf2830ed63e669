/** What the page and its inference worker say to each other. */

export interface Tensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

export interface Asked {
  readonly id: number
  /** Of the ONNX file. */
  readonly model: string
  /** [count, 28, 28] bytes. */
  readonly images: Uint8Array
  readonly count: number
}

export interface Outputs {
  readonly outputs: ReadonlyMap<string, Tensor>
  readonly device: Device
  /** Of the run alone, without loading. */
  readonly milliseconds: number
}

export type Answered =
  | (Outputs & { readonly id: number; readonly error: null })
  | { readonly id: number; readonly error: string }

export type Device = 'WebGPU' | 'WebAssembly'
