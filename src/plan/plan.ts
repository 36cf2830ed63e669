/**
 * A plan: what an engine runs. A static list of steps over tensors whose shapes and lifetimes are all known.
 * It is plain data, so it can be printed, tested and handed to another thread or language.
 */
import type { Shape } from '../core/shape.js'
import type { Step, TensorId } from '../graph/steps.js'

/**
 * f32 and bf16 hold values (a reference engine in double precision computes both in f64), u8 pixels and
 * labels, u32 keys; an opaque tensor is an engine's own note to its backward step.
 */
export type DType = 'f32' | 'bf16' | 'u8' | 'u32' | 'opaque'

export interface TensorSpec {
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
  /**
   * Persistent tensors (parameters, statistics, optimizer state) outlive a run and can be shared between
   * programs by name; the others live in slots, which tensors of disjoint lifetimes share.
   */
  readonly persistent: boolean
  /** The slot of a temporary tensor; null for a persistent one. */
  readonly slot: number | null
  /** First step that writes and last that touches it; the whole plan for inputs, outputs and persistent ones. */
  readonly lifetime: readonly [first: number, last: number]
}

export type PlanMode = 'training' | 'inference' | 'statistics' | 'gradient'

export interface Plan {
  readonly mode: PlanMode
  /** Images a step. */
  readonly batch: number
  readonly tensors: readonly TensorSpec[]
  readonly steps: readonly Step[]
  readonly slots: number
  /**
   * Fed anew at every iteration. training: images, labels, targets, hyper, key; inference: images;
   * statistics: images, hyper; gradient: images, diffLogits.
   */
  readonly inputs: Readonly<Record<string, TensorId>>
  /**
   * Handed out at every iteration. training: metrics; inference: logits; statistics: nothing;
   * gradient: logits, activations, gradients.
   */
  readonly outputs: Readonly<Record<string, TensorId>>
}

/** The tensor of that index; a plan never names one it lacks. */
export function tensorOf(plan: Plan, id: TensorId): TensorSpec {
  return plan.tensors[id] as TensorSpec
}
