/**
 * What an op is: its parameters, its shape rule, its weights, its forward rule and its gradient rule.
 * `ops` in registry.ts maps every kind to its rules, so an op without one of them does not compile.
 */
import type { ZodType } from 'zod'
import type { Shape } from '../core/shape.js'
import type { Step, TensorId } from './steps.js'

export type Initializer =
  /** Uniform in +-sqrt(6 / (fanIn + fanOut)). */
  | { readonly kind: 'glorotUniform'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'constant'; readonly value: number }

export interface WeightSpec {
  /** `weight | bias | gamma | beta | mean | variance`: the tensor is called `<layer>.<suffix>`. */
  readonly suffix: string
  readonly shape: Shape
  readonly initializer: Initializer
  readonly trainable: boolean
}

/** What a forward rule may ask of the plan that is being built. Shapes of activations include the batch. */
export interface ForwardScope<Params> {
  readonly params: Params
  /**
   * inference: given statistics, no dropout; gradient: the same, gradients of activations following;
   * statistics: the batch's statistics, no dropout.
   */
  readonly mode: 'training' | 'inference' | 'statistics' | 'gradient'
  readonly inputs: readonly TensorId[]
  /** A small number of this op's own, the same in every plan of the graph: dropout's salt. */
  readonly salt: number
  shapeOf(tensor: TensorId): Shape
  weight(suffix: string): TensorId
  /** The op's result, in the precision of activations. */
  output(shape: Shape): TensorId
  /** Something the gradient rule reads again: see `BackwardScope.saved`. */
  save(name: string, shape: Shape, dtype: 'f32' | 'opaque'): TensorId
  /** An input of the whole plan. */
  planInput(name: 'hyper' | 'key'): TensorId
  emit(step: Step): void
}

export interface BackwardScope<Params> {
  readonly params: Params
  /** gradient: of activations alone, by given statistics and without dropout. */
  readonly mode: 'training' | 'gradient'
  readonly inputs: readonly TensorId[]
  readonly output: TensorId
  readonly salt: number
  /** The gradient of the loss (or what else the plan differentiates) with respect to the op's result. */
  readonly diffOutput: TensorId
  shapeOf(tensor: TensorId): Shape
  weight(suffix: string): TensorId
  diffWeight(suffix: string): TensorId
  saved(name: string): TensorId
  /** Whether input `i` or anything before it learns (or is what the plan differentiates with respect to). */
  needsDiffInput(i: number): boolean
  /** A vector that stays zero. */
  zeros(count: number): TensorId
  /** A new tensor like `like`, for a gradient. */
  gradient(like: TensorId): TensorId
  /** Names the gradient with respect to input `i`; several consumers' are summed by the plan. */
  setDiffInput(i: number, gradient: TensorId): void
  planInput(name: 'hyper' | 'key'): TensorId
  emit(step: Step): void
}

export interface OpRules<Params> {
  /** Reads parameters back from a stored graph. */
  readonly schema: ZodType<Params>
  /** Base of the automatic names: `conv2d` for conv2d_1, conv2d_2, ... */
  readonly baseName: string
  /** The shape of one image's result; throws a ShapeError naming what was expected. */
  readonly shape: (params: Params, inputs: readonly Shape[]) => Shape
  readonly weights: (params: Params, inputs: readonly Shape[]) => readonly WeightSpec[]
  /** Emits the steps and returns the result. */
  readonly forward: (scope: ForwardScope<Params>) => TensorId
  readonly backward: (scope: BackwardScope<Params>) => void
}

/** A shape rule was broken; the graph adds the layer's name. */
export class ShapeError extends Error {
  constructor(
    readonly expected: string,
    readonly received: string,
  ) {
    super(`expected ${expected}, received ${received}`)
  }
}

/** The only input of an op that takes one. */
export function soleInput<T>(inputs: readonly T[]): T {
  return inputs[0] as T
}

/** The biases, betas and running means start at zero, gammas and variances at one. */
export function constant(value: number): Initializer {
  return { kind: 'constant', value }
}
