/** Every op there is. Leaving one out, or one of its rules, is a compile error. */
import type { OpRules } from './op.js'
import { type AddParams, add } from './ops/add.js'
import { type BatchNormalizationParams, batchNormalization } from './ops/batch-normalization.js'
import { type Conv2dParams, conv2d } from './ops/conv2d.js'
import { type DenseParams, dense } from './ops/dense.js'
import { type DropoutParams, dropout } from './ops/dropout.js'
import { type FlattenParams, flatten } from './ops/flatten.js'
import { type GlobalAveragePooling2dParams, globalAveragePooling2d } from './ops/global-average-pooling2d.js'
import { type InputParams, input } from './ops/input.js'
import { type MaxPooling2dParams, maxPooling2d } from './ops/max-pooling2d.js'
import { type ReluParams, relu } from './ops/relu.js'

export interface OpParams {
  input: InputParams
  conv2d: Conv2dParams
  dense: DenseParams
  batchNormalization: BatchNormalizationParams
  relu: ReluParams
  maxPooling2d: MaxPooling2dParams
  globalAveragePooling2d: GlobalAveragePooling2dParams
  dropout: DropoutParams
  add: AddParams
  flatten: FlattenParams
}

export type OpKind = keyof OpParams

export const ops: { readonly [K in OpKind]: OpRules<OpParams[K]> } = {
  input,
  conv2d,
  dense,
  batchNormalization,
  relu,
  maxPooling2d,
  globalAveragePooling2d,
  dropout,
  add,
  flatten,
}

/** The rules of an op whose kind is known only when the program runs; its parameters go with its kind. */
export function rulesOf(kind: OpKind): OpRules<unknown> {
  return ops[kind] as OpRules<unknown>
}
