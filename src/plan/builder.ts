/** Collects a plan's tensors and steps while the graph is lowered. */
import type { Shape } from '../core/shape.js'
import type { Step, TensorId } from '../graph/steps.js'
import { placeTensors, type UnplacedTensor } from './memory.js'
import type { DType, Plan, PlanMode } from './plan.js'

export class PlanBuilder {
  private readonly tensors: UnplacedTensor[] = []
  private readonly byName = new Map<string, TensorId>()
  private readonly steps: Step[] = []
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
    const known = this.byName.get(name)
    if (known === undefined) return this.add({ name, shape, dtype: 'f32', persistent: true })
    if (!this.tensors[known]?.persistent) throw new Error(`the plan's ${name} is a temporary tensor`)
    return known
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

  finish(keepAll: boolean): Plan {
    const { mode, batch, tensors, steps, inputs, outputs } = this
    const pinned = new Set([...Object.values(inputs), ...Object.values(outputs)])
    return { mode, batch, steps, inputs, outputs, ...placeTensors(tensors, steps, pinned, keepAll) }
  }

  private add(tensor: UnplacedTensor): TensorId {
    let name = tensor.name
    for (let copy = 2; this.byName.has(name); copy++) name = `${tensor.name}#${copy}`
    const id = this.tensors.push({ ...tensor, name }) - 1
    this.byName.set(name, id)
    return id
  }
}
