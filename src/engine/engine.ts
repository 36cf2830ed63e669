/** What every engine offers: it compiles plans into programs and runs them. */
import type { Plan } from '../plan/plan.js'

export type Values = Float32Array | Float64Array
export type InputValues = Float32Array | Uint8Array | Uint32Array

export interface Engine {
  readonly name: 'native' | 'reference'
  /** One line for people: library, version, instruction set, threads. */
  readonly description: string
  readonly threads: number
  /** Whether activations may be bf16. */
  readonly bf16: boolean
  /**
   * Makes a plan runnable. Persistent tensors are those of `shareWith` where it has one of the same name
   * (shapes must agree), else new and zero.
   */
  compile(plan: Plan, shareWith?: Program): Promise<Program>
}

export interface Program {
  readonly plan: Plan
  /**
   * Runs the plan `iterations` times. Each input array holds the values of all iterations one after another
   * (iterations times the tensor's size), each output array receives them likewise. Inputs must not change
   * until the promise settles. Calls on one engine run in the order in which they were made.
   */
  run(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<void>
  /**
   * Copies tensors out in their plain logical layout, f32 (f64 from a double-precision reference engine).
   * Only persistent tensors and those of a plan made with `keepAll` can be read.
   */
  read(names: readonly string[]): Promise<Map<string, Values>>
  /** Copies values, in the plain logical layout, into persistent tensors. */
  write(values: ReadonlyMap<string, Values>): Promise<void>
  /** Frees native memory; persistent tensors live on while a program that shares them does. */
  dispose(): void
}
