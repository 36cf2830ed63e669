/**
 * Lifetimes and slots: temporaries whose lifetimes are disjoint share a slot, and an elementwise step may
 * write over the operand that it is the last to read.
 */
import { sizeOf } from '../core/shape.js'
import { operandsOf, type Step, type TensorId } from '../graph/steps.js'
import type { DType, TensorSpec } from './plan.js'

export type UnplacedTensor = Omit<TensorSpec, 'slot' | 'lifetime'>

const bytesOf: Record<DType, number> = { f32: 4, bf16: 2, u8: 1, u32: 4, opaque: 4 }
/** In the plain layout; what an opaque tensor holds is up to the engine, and counted as f32. */
export const sizeInBytes = (tensor: UnplacedTensor): number => bytesOf[tensor.dtype] * sizeOf(tensor.shape)

/** Bytes of a plan's tensors: those that share slots, and those that outlive a run. */
export function memoryOf(tensors: readonly TensorSpec[]): { temporary: number; persistent: number } {
  const slots = new Map<number, number>()
  let persistent = 0
  for (const tensor of tensors) {
    const bytes = sizeInBytes(tensor)
    if (tensor.slot === null) persistent += bytes
    else slots.set(tensor.slot, Math.max(slots.get(tensor.slot) ?? 0, bytes))
  }
  return { temporary: [...slots.values()].reduce((sum, bytes) => sum + bytes, 0), persistent }
}

/** First write and last touch of each tensor; `pinned` ones (inputs, outputs) live throughout. */
export function lifetimesOf(
  tensors: readonly UnplacedTensor[],
  steps: readonly Step[],
  pinned: ReadonlySet<TensorId>,
): readonly (readonly [number, number])[] {
  const whole = [0, Math.max(steps.length - 1, 0)] as const
  const lifetimes = tensors.map((): [number, number] => [Number.POSITIVE_INFINITY, -1])
  steps.forEach((step, index) => {
    const { reads, writes } = operandsOf(step)
    for (const id of [...reads, ...writes]) {
      const lifetime = lifetimes[id] as [number, number]
      lifetime[0] = Math.min(lifetime[0], index)
      lifetime[1] = index
    }
  })
  return tensors.map((tensor, id) =>
    tensor.persistent || pinned.has(id) ? whole : (lifetimes[id] as [number, number]),
  )
}

interface Slot {
  bytes: number
  /** The last step that needs what lies here. */
  until: number
}

/** The free slot that fits best: the smallest that is large enough, else the largest. */
function bestFit(slots: readonly Slot[], first: number, bytes: number): Slot | undefined {
  const free = slots.filter((slot) => slot.until < first)
  const enough = free.filter((slot) => slot.bytes >= bytes)
  const smallest = (a: Slot, b: Slot): Slot => (b.bytes < a.bytes ? b : a)
  const largest = (a: Slot, b: Slot): Slot => (b.bytes > a.bytes ? b : a)
  if (enough.length > 0) return enough.reduce(smallest)
  return free.length > 0 ? free.reduce(largest) : undefined
}

/** Whether a step may write its result over this operand: same kind of values, and nobody reads it later. */
function canOverwrite(from: UnplacedTensor, to: UnplacedTensor, lastRead: number, step: number): boolean {
  const alike = from.dtype === to.dtype && sizeOf(from.shape) === sizeOf(to.shape)
  return alike && !from.persistent && lastRead === step
}

export interface Placement {
  readonly tensors: readonly TensorSpec[]
  readonly slots: number
}

/** Gives every temporary a slot; with `keepAll` each its own, so that all can be read after a run. */
export function placeTensors(
  tensors: readonly UnplacedTensor[],
  steps: readonly Step[],
  pinned: ReadonlySet<TensorId>,
  keepAll: boolean,
): Placement {
  const lifetimes = lifetimesOf(tensors, steps, pinned)
  const slots: Slot[] = []
  const slotOf = new Map<TensorId, Slot>()
  const place = (id: TensorId, overwritten: TensorId | null): void => {
    const tensor = tensors[id] as UnplacedTensor
    if (tensor.persistent || slotOf.has(id)) return
    const [first, last] = lifetimes[id] as readonly [number, number]
    const bytes = sizeInBytes(tensor)
    let slot = overwritten === null ? undefined : slotOf.get(overwritten)
    if (!slot && !keepAll) slot = bestFit(slots, first, bytes)
    if (!slot) {
      slot = { bytes: 0, until: -1 }
      slots.push(slot)
    }
    slot.bytes = Math.max(slot.bytes, bytes)
    slot.until = last
    slotOf.set(id, slot)
  }
  for (const id of pinned) place(id, null)
  steps.forEach((step, index) => {
    const { writes, inPlace } = operandsOf(step)
    writes.forEach((id, position) => {
      const overwrites =
        position === 0 &&
        inPlace !== null &&
        !keepAll &&
        !pinned.has(inPlace) &&
        canOverwrite(
          tensors[inPlace] as UnplacedTensor,
          tensors[id] as UnplacedTensor,
          lifetimes[inPlace]?.[1] ?? -1,
          index,
        )
      place(id, overwrites ? inPlace : null)
    })
  })
  const index = new Map(slots.map((slot, i) => [slot, i]))
  const slotIndex = (id: TensorId): number | null => index.get(slotOf.get(id) as Slot) ?? null
  return {
    tensors: tensors.map((tensor, id) => ({
      ...tensor,
      slot: slotIndex(id),
      lifetime: lifetimes[id] as readonly [number, number],
    })),
    slots: slots.length,
  }
}
