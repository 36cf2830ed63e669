/** What turns steps into calls of kernels. */
import type { TensorId } from '../../graph/steps.js'
import type { TensorSpec } from '../../plan/plan.js'
import { aligned } from './allocator.js'
import { type KernelName, kernelNames } from './kernels.js'

/** An argument that is a 32-bit floating-point number; the others are addresses and whole numbers. */
export interface F32 {
  readonly f32: number
}

export const f32 = (value: number): F32 => ({ f32: value })

export type Argument = number | F32

export interface Assembler {
  /** In how many parts kernels divide their work. */
  readonly threads: number
  /** Byte address of a tensor of the plan; 0 of none. */
  address(id: TensorId | null): number
  spec(id: TensorId): TensorSpec
  /**
   * Byte address of scratch memory of that many bytes, 64-byte aligned, valid for this step's calls. Each call of it
   * gives other memory; the next step gets the same again.
   */
  scratch(bytes: number): number
  /** Whether a tensor changes only by being written, so that what was made of it can be kept. */
  isFixed(id: TensorId): boolean
  /** Byte address of memory that keeps its values from run to run, 64-byte aligned; each call gives other memory. */
  kept(bytes: number): number
  /** As `call`, but run only before the first run after fixed tensors were written. */
  prepare(kernel: KernelName, ...args: readonly Argument[]): void
  /** Appends a call. Every thread runs it with its part, then all wait for each other. */
  call(kernel: KernelName, ...args: readonly Argument[]): void
}

export interface Call {
  readonly kernel: number
  readonly args: readonly Argument[]
  /** The step that it belongs to. */
  readonly step: number
}

/** Where a program's memory is. */
export interface Places {
  /** Of each tensor. */
  readonly tensors: readonly number[]
  readonly scratch: number
  readonly kept: number
}

/** Assembles a plan's steps, one after another. */
export class ProgramAssembler implements Assembler {
  readonly calls: Call[] = []
  readonly preparations: Call[] = []
  /** What the steps need, the most of any. */
  scratchBytes = 0
  /** What they keep, all together. */
  keptBytes = 0
  private step = -1
  private used = 0

  constructor(
    private readonly tensors: readonly TensorSpec[],
    private readonly places: Places,
    private readonly fixed: boolean,
    readonly threads: number,
  ) {}

  beginStep(): void {
    this.step++
    this.used = 0
  }

  address(id: TensorId | null): number {
    return id === null ? 0 : (this.places.tensors[id] as number)
  }

  spec(id: TensorId): TensorSpec {
    return this.tensors[id] as TensorSpec
  }

  scratch(bytes: number): number {
    const address = this.places.scratch + this.used
    this.used += aligned(bytes)
    this.scratchBytes = Math.max(this.scratchBytes, this.used)
    return address
  }

  isFixed(id: TensorId): boolean {
    return this.fixed && this.spec(id).persistent
  }

  kept(bytes: number): number {
    const address = this.places.kept + this.keptBytes
    this.keptBytes += aligned(bytes)
    return address
  }

  prepare(kernel: KernelName, ...args: readonly Argument[]): void {
    this.preparations.push(this.callOf(kernel, args))
  }

  call(kernel: KernelName, ...args: readonly Argument[]): void {
    this.calls.push(this.callOf(kernel, args))
  }

  private callOf(kernel: KernelName, args: readonly Argument[]): Call {
    return { kernel: kernelNames.indexOf(kernel), args, step: this.step }
  }
}
