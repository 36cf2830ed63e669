/** What bench/peers/tfjs.ts uses of TF.js, which only the benchmark installs and the type check does without. */
declare module '@tensorflow/tfjs' {
  type Shape = readonly number[]
  type Values = Float32Array | Int32Array | Uint8Array
  interface Tensor {
    readonly shape: Shape
    dataSync(): Float32Array
  }
  interface Variable extends Tensor {
    assign(value: Tensor): void
  }
  interface Optimizer {
    minimize(loss: () => Tensor, returnCost: true): Tensor
  }
  type Activation = 'linear' | 'relu'
  type Padding = 'same' | 'valid'

  export const version: { readonly tfjs: string }
  export function setBackend(name: 'cpu' | 'wasm'): Promise<boolean>
  export function tidy<Result>(work: () => Result): Result
  export function tensor(values: Values, shape: Shape, dtype?: 'float32' | 'int32'): Tensor
  export function variable(value: Tensor, trainable: boolean): Variable
  export const fused: {
    conv2d(options: {
      readonly x: Tensor
      readonly filter: Tensor
      readonly bias: Tensor
      readonly strides: Shape
      readonly pad: Padding
      readonly activation: Activation
    }): Tensor
    matMul(options: {
      readonly a: Tensor
      readonly b: Tensor
      readonly bias: Tensor
      readonly activation: Activation
    }): Tensor
  }
  export function batchNorm(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    offset: Tensor,
    scale: Tensor,
    epsilon: number,
  ): Tensor
  export function moments(x: Tensor, axes: Shape): { readonly mean: Tensor; readonly variance: Tensor }
  export function relu(x: Tensor): Tensor
  export function maxPool(x: Tensor, window: Shape, strides: Shape, padding: Padding): Tensor
  export function mean(x: Tensor, axes: Shape): Tensor
  export function dropout(x: Tensor, rate: number): Tensor
  export function add(a: Tensor, b: Tensor): Tensor
  export function mul(a: Tensor, b: Tensor | number): Tensor
  export function reshape(x: Tensor, shape: Shape): Tensor
  export function transpose(x: Tensor, order?: Shape): Tensor
  export function gather(x: Tensor, indices: Tensor): Tensor
  export function oneHot(indices: Tensor, depth: number): Tensor
  export const losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor }
  export const train: { adam(learningRate: number): Optimizer }
  export const util: { createShuffledIndices(count: number): Uint32Array }
}

declare module '@tensorflow/tfjs-backend-wasm' {
  /** Registers the backend. */
}
