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
  /** Byte address of a tensor of the plan. */
  address(id: TensorId): number
  spec(id: TensorId): TensorSpec
  /**
   * Byte address of scratch memory of that many bytes, 64-byte aligned, valid for this step's calls. Each call of it
   * gives other memory; the next step gets the same again.
   */
  scratch(bytes: number): number
  /** Appends a call. Every thread runs it with its part, then all wait for each other. */
  call(kernel: KernelName, ...args: readonly Argument[]): void
}

export interface Call {
  readonly kernel: number
  readonly args: readonly Argument[]
  /** The step that it belongs to. */
  readonly step: number
}

/** Assembles a plan's steps, one after another. */
export class ProgramAssembler implements Assembler {
  readonly calls: Call[] = []
  /** What the steps need, the most of any. */
  scratchBytes = 0
  private step = -1
  private used = 0

  constructor(
    private readonly tensors: readonly TensorSpec[],
    private readonly addresses: readonly number[],
    private readonly scratchBegin: number,
    readonly threads: number,
  ) {}

  beginStep(): void {
    this.step++
    this.used = 0
  }

  address(id: TensorId): number {
    return this.addresses[id] as number
  }

  spec(id: TensorId): TensorSpec {
    return this.tensors[id] as TensorSpec
  }

  scratch(bytes: number): number {
    const address = this.scratchBegin + this.used
    this.used += aligned(bytes)
    this.scratchBytes = Math.max(this.scratchBytes, this.used)
    return address
  }

  call(kernel: KernelName, ...args: readonly Argument[]): void {
    this.calls.push({ kernel: kernelNames.indexOf(kernel), args, step: this.step })
  }
}
