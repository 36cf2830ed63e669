/** Where a program's tensors live: one typed array a tensor, slots sharing their bytes. */
import { AtelierError, mismatch } from '../../core/errors.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../../core/shape.js'
import type { TensorId } from '../../graph/steps.js'
import type { Plan, TensorSpec } from '../../plan/plan.js'
import type { Values } from '../engine.js'

export type Precision = 'f32' | 'f64'
export type Storage = Values | Uint8Array | Uint32Array

/** What kernels see of a program's memory. The three views differ in type only; a tensor has one of them. */
export interface Tensors {
  shape(id: TensorId): Shape
  values(id: TensorId): Values
  bytes(id: TensorId): Uint8Array
  words(id: TensorId): Uint32Array
  /** New, zeroed working memory in the engine's precision. */
  scratch(size: number): Values
}

export interface Memory extends Tensors {
  storage(id: TensorId): Storage
  /** Persistent tensors by name, each with its shape, for programs that share them. */
  readonly persistent: ReadonlyMap<string, { readonly shape: Shape; readonly values: Values }>
}

const constructors = {
  f32: Float32Array,
  f64: Float64Array,
  u8: Uint8Array,
  u32: Uint32Array,
} as const

/** Opaque tensors hold 32-bit words here: the place of a maximum, or whether a ReLU let a value through. */
function storageType(
  spec: TensorSpec,
  precision: Precision,
): (typeof constructors)[keyof typeof constructors] {
  if (spec.dtype === 'u8') return constructors.u8
  return constructors[spec.dtype === 'u32' || spec.dtype === 'opaque' ? 'u32' : precision]
}

export function createMemory(plan: Plan, precision: Precision, shareWith?: Memory): Memory {
  const types = plan.tensors.map((spec) => storageType(spec, precision))
  const slots = slotBuffers(plan, types)
  const persistent = new Map<string, { shape: Shape; values: Values }>()
  const storages = plan.tensors.map((spec, id): Storage => {
    const count = sizeOf(spec.shape)
    if (!spec.persistent) {
      const Type = types[id] as (typeof types)[number]
      // A temporary without a slot is one that no step touches.
      return spec.slot === null ? new Type(0) : new Type(slots[spec.slot] as ArrayBuffer, 0, count)
    }
    const values = sharedValues(spec, shareWith) ?? new constructors[precision](count)
    persistent.set(spec.name, { shape: spec.shape, values })
    return values
  })
  return {
    persistent,
    shape: (id) => (plan.tensors[id] as TensorSpec).shape,
    storage: (id) => storages[id] as Storage,
    values: (id) => storages[id] as Values,
    bytes: (id) => storages[id] as Uint8Array,
    words: (id) => storages[id] as Uint32Array,
    scratch: (size) => new constructors[precision](size),
  }
}

/** One buffer a slot, as large as the largest tensor in it. */
function slotBuffers(plan: Plan, types: readonly { readonly BYTES_PER_ELEMENT: number }[]): ArrayBuffer[] {
  const sizes = new Array<number>(plan.slots).fill(0)
  plan.tensors.forEach(({ shape, slot }, id) => {
    const bytes = sizeOf(shape) * (types[id]?.BYTES_PER_ELEMENT ?? 0)
    if (slot !== null) sizes[slot] = Math.max(sizes[slot] ?? 0, bytes)
  })
  return sizes.map((size) => new ArrayBuffer(size))
}

function sharedValues(spec: TensorSpec, shareWith: Memory | undefined): Values | undefined {
  const shared = shareWith?.persistent.get(spec.name)
  if (shared && !sameShape(shared.shape, spec.shape)) {
    throw new AtelierError(
      mismatch(`shared tensor ${spec.name}`, formatShape(shared.shape), formatShape(spec.shape)),
    )
  }
  return shared?.values
}
