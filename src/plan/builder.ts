/** Collects a plan's tensors and steps while the graph is lowered. */
import type { Shape } from '../core/shape.js'
import { operandsOf, type Step, type TensorId } from '../graph/steps.js'
import { placeTensors, type UnplacedTensor } from './memory.js'
import type { DType, Plan, PlanMode } from './plan.js'

export class PlanBuilder {
  private readonly tensors: UnplacedTensor[] = []
  private readonly byName = new Map<string, TensorId>()
  private steps: Step[] = []
  private readonly inputs: Record<string, TensorId> = {}
  private readonly outputs: Record<string, TensorId> = {}

  constructor(
    readonly mode: PlanMode,
    readonly batch: number,
    /** Precision of activations and of their gradients. */
    readonly activations: 'f32' | 'bf16',
  ) {}

  readonly emit = (step: Step): void => {
    this.steps.push(step)
  }

  temporary(name: string, shape: Shape, dtype: DType = this.activations): TensorId {
    return this.add({ name, shape, dtype, persistent: false })
  }

  /** The persistent tensor of that name, made when it is first asked for. */
  persistent(name: string, shape: Shape): TensorId {
    return this.byName.get(name) ?? this.add({ name, shape, dtype: 'f32', persistent: true })
  }

  /** The input of that name, made when it is first asked for. */
  input(name: string, shape: Shape, dtype: DType): TensorId {
    this.inputs[name] ??= this.temporary(name, shape, dtype)
    return this.inputs[name]
  }

  output(name: string, tensor: TensorId): void {
    this.outputs[name] = tensor
  }

  shapeOf(tensor: TensorId): Shape {
    return (this.tensors[tensor] as UnplacedTensor).shape
  }

  /** The tensor of a name that was given before. */
  idOf(name: string): TensorId {
    const id = this.byName.get(name)
    if (id === undefined) throw new Error(`the plan has no tensor ${name}`)
    return id
  }

  nameOf(tensor: TensorId): string {
    return (this.tensors[tensor] as UnplacedTensor).name
  }

  /** Drops steps whose results reach neither an output nor a persistent tensor, then places the tensors. */
  finish(keepAll: boolean): Plan {
    const wanted = new Set(Object.values(this.outputs))
    const kept: Step[] = []
    for (const step of this.steps.toReversed()) {
      const { reads, writes } = operandsOf(step)
      if (!writes.some((id) => wanted.has(id) || (this.tensors[id] as UnplacedTensor).persistent)) continue
      for (const id of reads) wanted.add(id)
      kept.unshift(step)
    }
    const pinned = new Set([...Object.values(this.inputs), ...Object.values(this.outputs)])
    const { mode, batch, inputs, outputs } = this
    return { mode, batch, steps: kept, inputs, outputs, ...placeTensors(this.tensors, kept, pinned, keepAll) }
  }

  private add(tensor: UnplacedTensor): TensorId {
    let name = tensor.name
    for (let copy = 2; this.byName.has(name); copy++) name = `${tensor.name}#${copy}`
    const id = this.tensors.push({ ...tensor, name }) - 1
    this.byName.set(name, id)
    return id
  }
}
