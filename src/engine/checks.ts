/** What engines that run plans check alike before they run them. */
import { AtelierError, mismatch } from '../core/errors.js'
import { sizeOf } from '../core/shape.js'
import type { TensorId } from '../graph/steps.js'
import { planFlops } from '../plan/flops.js'
import { type DType, type Plan, tensorOf } from '../plan/plan.js'
import type { InputValues, Values } from './engine.js'

/** The number of threads, if there can be so many. */
export function checkedThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads
  throw new AtelierError(mismatch('threads', 'a whole number from 1 to 1024', String(threads)))
}

/** For engines that compute in f32 on any processor. */
export function refuseBf16(engine: string, plan: Plan): void {
  if (plan.tensors.every((spec) => spec.dtype !== 'bf16')) return
  const hint = 'Use --precision f32 or the native engine'
  throw new AtelierError(mismatch(`precision of the ${engine} engine`, 'f32', 'bf16', hint))
}

export interface Checked {
  readonly inputs: readonly InputValues[]
  readonly outputs: readonly Values[]
}

/** The arrays of a run in the plan's order, if they are all there and hold as many values as they must. */
export function checkedRun(
  plan: Plan,
  iterations: number,
  inputs: Readonly<Record<string, InputValues>>,
  outputs: Readonly<Record<string, Values>>,
): Checked {
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new AtelierError(mismatch('iterations', 'a whole number', String(iterations)))
  }
  return {
    inputs: Object.entries(plan.inputs).map(([name, id]) =>
      checkedInput(plan, name, id, inputs[name], iterations),
    ),
    outputs: Object.entries(plan.outputs).map(([name, id]) =>
      checkedOutput(plan, name, id, outputs[name], iterations),
    ),
  }
}

const arrayTypes: { readonly [D in DType]?: typeof Float32Array | typeof Uint8Array | typeof Uint32Array } = {
  f32: Float32Array,
  u8: Uint8Array,
  u32: Uint32Array,
}

function checkedInput(
  plan: Plan,
  name: string,
  id: TensorId,
  values: InputValues | undefined,
  iterations: number,
): InputValues {
  const { shape, dtype } = tensorOf(plan, id)
  const type = arrayTypes[dtype]
  const length = sizeOf(shape) * iterations
  if (type && values instanceof type && values.length === length) return values
  throw new AtelierError(
    mismatch(`input ${name}`, `${type?.name ?? dtype} of ${length} values`, described(values)),
  )
}

function checkedOutput(
  plan: Plan,
  name: string,
  id: TensorId,
  values: Values | undefined,
  iterations: number,
): Values {
  const length = sizeOf(tensorOf(plan, id).shape) * iterations
  if (values?.length === length) return values
  throw new AtelierError(mismatch(`output ${name}`, `${length} values`, described(values)))
}

function described(values: InputValues | Values | undefined): string {
  return values ? `${values.constructor.name} of ${values.length}` : 'none'
}

/** The tensor of that name, if it holds numbers. */
export function readable(plan: Plan, name: string): TensorId {
  const id = idOf(plan, name, 'read')
  const { dtype } = tensorOf(plan, id)
  if (dtype !== 'opaque' && dtype !== 'u32') return id
  throw new AtelierError(mismatch('tensor to read', 'one of numbers', `${name}, of type ${dtype}`))
}

/** The tensor of that name, if it can be written from outside with so many values. */
export function writable(plan: Plan, name: string, values: Values): TensorId {
  const id = idOf(plan, name, 'write')
  const { persistent, shape } = tensorOf(plan, id)
  if (!persistent) {
    throw new AtelierError(mismatch('tensor to write', 'a persistent one', `${name}, a temporary one`))
  }
  const size = sizeOf(shape)
  if (values.length === size) return id
  throw new AtelierError(mismatch(name, `${size} values`, `${values.length}`))
}

function idOf(plan: Plan, name: string, purpose: 'read' | 'write'): TensorId {
  const id = plan.tensors.findIndex((spec) => spec.name === name)
  if (id < 0) throw new AtelierError(mismatch(`tensor to ${purpose}`, 'one of the plan', name))
  return id
}

/**
 * Some 0.1 ms of one thread. Handing a plan to another thread and hearing back takes 20 us and more, so up
 * to here a second thread does not make up for it: on the native engine dnn takes 12 us for one image where it took 28,
 * and 92 us for 32 where it took 110.
 */
const INSTANT_FLOPS = 2e7

/** Whether a plan is so small that it runs on JavaScript's own thread at once. */
export function isInstant(plan: Plan): boolean {
  return plan.mode === 'inference' && planFlops(plan) <= INSTANT_FLOPS
}
