/** What every engine offers: it compiles plans into programs, and classifies by trained models. */
import type { Graph } from '../graph/graph.js'
import type { ForwardOptions } from '../plan/build.js'
import type { Plan } from '../plan/plan.js'
import type { EngineName } from './names.js'

export type Values = Float32Array | Float64Array
export type InputValues = Float32Array | Uint8Array | Uint32Array

/** Gives images' logits, by the running statistics and without dropout. */
export interface Classifier {
  /** Logits of an image. */
  readonly classes: number
  /** Takes the graph's weights, by `<layer>.<suffix>`. */
  load(weights: ReadonlyMap<string, Values>): Promise<void>
  /** [count, classes] logits of `count` images, one after another, which must not change until they are there. */
  logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array>
  dispose(): void
}

export interface ClassifierOptions extends Pick<ForwardOptions, 'scaling' | 'precision'> {
  /**
   * Images a step; more images are taken in several steps, fewer are padded. By default what gives many images
   * the highest rate; 1 gives one image the lowest latency (see docs/architecture.md).
   */
  readonly batch?: number
  /** What holds the pixels, 0 ... 255 in both; u8 by default. */
  readonly imageDType?: 'u8' | 'f32'
}

/** Classify with another program's weights, or with their moving averages, as they are at each call. */
export interface SharedWeights extends Pick<ForwardOptions, 'average'> {
  readonly shareWith: Program
}

export interface Engine {
  readonly name: Exclude<EngineName, 'auto'>
  /** One line for people: library, version, instruction set, threads. */
  readonly description: string
  readonly threads: number
  /** Whether activations may be bf16. */
  readonly bf16: boolean
  /** Made to be read: what takes others minutes takes it days. */
  readonly slow: boolean
  /** One that shares weights is given none of its own. */
  classifier(graph: Graph, options: ClassifierOptions & Partial<SharedWeights>): Promise<Classifier>
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

/** Where a run's time went. */
export interface Profile {
  /** Seconds of each step of the plan, over all iterations. */
  readonly steps: Float64Array
  /** Seconds of inputs, outputs and of renewing the copies of the weights. */
  readonly rest: number
}

export interface ProgramDescription {
  /** What carries out each step, and in which layouts. */
  readonly implementations: readonly string[]
  /** All temporaries and scratch space. */
  readonly arenaBytes: number
  readonly persistentBytes: number
  /** Weights once more, in the layouts and the precision that the steps want. */
  readonly copyBytes: number
}

/** A program that tells where its time goes. */
export interface MeasuredProgram extends Program {
  /** The same as `run`, with the time of each step. */
  profile(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<Profile>
  describe(): ProgramDescription
}

/** Whether a program tells where its time goes. */
export const tellsTimes = (program: Program): program is MeasuredProgram => 'profile' in program
