/** What bench/peers/jax.ts uses of jax-js, which only the benchmark installs and the type check does without. */
declare module '@jax-js/jax' {
  type Shape = readonly number[]
  /** An array is spent by the operation that takes it; `ref` gives another hold on it. */
  interface Array {
    readonly shape: Shape
    readonly ref: this
    add(other: Array | number): Array
    sub(other: Array | number): Array
    mul(other: Array | number): Array
    div(other: Array | number): Array
    sum(): Array
    reshape(shape: Shape): Array
    transpose(order?: Shape): Array
    dispose(): void
    data(): Promise<Float32Array>
  }
  /** A weight or more, as functions take and give them. */
  type Tree = Record<string, Array>

  export function init(device: 'wasm'): Promise<unknown>
  export function defaultDevice(device: 'wasm'): unknown
  export function jit<Arguments extends unknown[], Result>(
    work: (...args: Arguments) => Result,
  ): (...args: Arguments) => Result
  export function valueAndGrad<Arguments extends [Tree, ...unknown[]]>(
    work: (...args: Arguments) => Array,
  ): (...args: Arguments) => [Array, Tree]
  export const tree: { ref(tree: Tree): Tree }
  export const numpy: {
    array(values: Float32Array | number): Array
    zeros(shape: Shape): Array
    dot(a: Array, b: Array): Array
    mean(x: Array, axes: Shape, options?: { readonly keepdims: boolean }): Array
    max(x: Array): Array
    square(x: Array): Array
    sqrt(x: Array): Array
  }
  export const nn: { relu(x: Array): Array; logSoftmax(x: Array): Array }
  export const lax: {
    conv(x: Array, kernel: Array, strides: Shape, padding: 'SAME' | 'VALID'): Array
    reduceWindow(x: Array, reduce: (window: Array) => Array, window: Shape, strides: Shape): Array
  }
}
