/** Plans written by hand, one tensor and one step after another, for tests of engines. */
import { type Shape, sizeOf } from '../../src/core/shape.js'
import { operandsOf, type Step, type TensorId } from '../../src/graph/steps.js'
import type { DType, Plan, PlanMode, TensorSpec } from '../../src/plan/plan.js'

export interface PlanOptions {
  readonly mode?: PlanMode
  readonly batch?: number
  /**
   * Let results lie over operands wherever a step allows it and nobody reads the operand later; else, as in
   * plans made with keepAll, every tensor has a place of its own.
   */
  readonly inPlace?: boolean
}

type Sketched = Pick<TensorSpec, 'name' | 'shape' | 'dtype' | 'persistent'>

export class PlanSketch {
  private readonly tensors: Sketched[] = []
  private readonly steps: Step[] = []
  private readonly inputs: Record<string, TensorId> = {}
  private readonly outputs: Record<string, TensorId> = {}

  /** An f32 tensor that outlives runs and can be written from outside. */
  persistent(name: string, shape: Shape): TensorId {
    return this.tensor({ name, shape, dtype: 'f32', persistent: true })
  }

  temporary(name: string, shape: Shape, dtype: DType = 'f32'): TensorId {
    return this.tensor({ name, shape, dtype, persistent: false })
  }

  input(name: string, shape: Shape, dtype: DType): TensorId {
    const id = this.temporary(name, shape, dtype)
    this.inputs[name] = id
    return id
  }

  output(name: string, id: TensorId): void {
    this.outputs[name] = id
  }

  emit(...steps: readonly Step[]): void {
    this.steps.push(...steps)
  }

  has(name: string): boolean {
    return this.tensors.some((tensor) => tensor.name === name)
  }

  /** The tensor of that name. */
  id(name: string): TensorId {
    const id = this.tensors.findIndex((tensor) => tensor.name === name)
    if (id < 0) throw new Error(`the sketch has no tensor ${name}`)
    return id
  }

  plan({ mode = 'training', batch = 1, inPlace = false }: PlanOptions = {}): Plan {
    const slotOf = this.placeTensors(inPlace)
    const slots = [...new Set(slotOf.values())]
    const tensors = this.tensors.map((tensor, id): TensorSpec => {
      const slot = tensor.persistent ? null : slots.indexOf(slotOf.get(id) as TensorId)
      return { ...tensor, slot, lifetime: [0, Math.max(0, this.steps.length - 1)] }
    })
    const { steps, inputs, outputs } = this
    return { mode, batch, tensors, steps, slots: slots.length, inputs, outputs }
  }

  private tensor(tensor: Sketched): TensorId {
    if (this.tensors.some(({ name }) => name === tensor.name))
      throw new Error(`${tensor.name} exists already`)
    return this.tensors.push(tensor) - 1
  }

  /** For every temporary tensor the first one in its slot. */
  private placeTensors(inPlace: boolean): Map<TensorId, TensorId> {
    const slotOf = new Map<TensorId, TensorId>()
    this.tensors.forEach(({ persistent }, id) => {
      if (!persistent) slotOf.set(id, id)
    })
    if (!inPlace) return slotOf
    const pinned = new Set([...Object.values(this.inputs), ...Object.values(this.outputs)])
    this.steps.forEach((step, index) => {
      const { writes, inPlace: from } = operandsOf(step)
      const [to] = writes
      if (from === null || to === undefined || pinned.has(from) || pinned.has(to)) return
      const readLater = this.steps.slice(index + 1).some((later) => operandsOf(later).reads.includes(from))
      if (!readLater && this.alike(from, to)) slotOf.set(to, slotOf.get(from) as TensorId)
    })
    return slotOf
  }

  private alike(a: TensorId, b: TensorId): boolean {
    const [one, other] = [this.tensors[a] as Sketched, this.tensors[b] as Sketched]
    const temporary = !one.persistent && !other.persistent
    return temporary && one.dtype === other.dtype && sizeOf(one.shape) === sizeOf(other.shape)
  }
}

/** Temporary values that are still there after a run: nothing later lies over them. */
export function readableTensors(plan: Plan): readonly string[] {
  const lastWriter = new Map<number, TensorId>()
  for (const step of plan.steps) {
    for (const id of operandsOf(step).writes) {
      const slot = plan.tensors[id]?.slot ?? null
      if (slot !== null) lastWriter.set(slot, id)
    }
  }
  return plan.tensors
    .filter(({ slot, dtype }, id) => slot !== null && dtype !== 'opaque' && lastWriter.get(slot) === id)
    .map(({ name }) => name)
}
