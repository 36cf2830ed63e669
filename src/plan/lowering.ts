/** The graph's forward and gradient rules, applied node by node to a plan. */

import { type Graph, type GraphNode, inputShapeOf, type NamedWeight, weightsOfNode } from '../graph/graph.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import { rulesOf } from '../graph/registry.js'
import { Hyper, type TensorId } from '../graph/steps.js'
import { PlanBuilder } from './builder.js'
import { fuseGraph } from './fuse.js'
import type { PlanMode } from './plan.js'

export interface CommonOptions {
  readonly batch: number
  readonly precision: 'f32' | 'bf16'
  /** The network sees scale * pixel + shift, pixels being 0 ... 255. */
  readonly scaling: PixelScaling
  readonly imageDType: 'u8' | 'f32'
  /** Every tensor keeps a slot of its own and can be read after a run. */
  readonly keepAll?: boolean
}

/** The name under which the moving average of a weight is kept. */
export const averageName = (weight: string): string => `average/${weight}`

export const gradientName = (name: string): string => `gradient/${name}`

/** A plan of gradients names any layer, so that it fuses none away. */
function rewritten(graph: Graph, mode: PlanMode): Graph {
  if (mode === 'gradient') return graph
  const fused = fuseGraph(graph)
  return mode === 'statistics' ? upToLastStatistics(fused) : fused
}

/** What feeds Batch Normalizations: nothing behind the last of them matters to their statistics. */
function upToLastStatistics({ name, nodes }: Graph): Graph {
  const last = nodes.findLastIndex((node) => node.op === 'batchNormalization')
  return { name, nodes: nodes.slice(0, last + 1) }
}

/** Lowers a graph's forward and gradient rules into a plan. */
export class Lowering {
  readonly builder: PlanBuilder
  readonly graph: Graph
  /** Each node's result, and its gradient once a reader has named it. */
  private readonly results: TensorId[] = []
  private readonly gradients = new Map<number, TensorId>()
  private readonly saved = new Map<string, TensorId>()
  private readonly weightNames: (name: string) => string

  constructor(
    graph: Graph,
    mode: PlanMode,
    private readonly options: CommonOptions & { average?: boolean },
  ) {
    this.graph = rewritten(graph, mode)
    this.builder = new PlanBuilder(mode, options.batch, options.precision)
    this.weightNames = mode !== 'training' && options.average ? averageName : (name) => name
  }

  /** Emits the forward steps and returns the logits. */
  forward(): TensorId {
    const { builder, options } = this
    const shape = [options.batch, ...inputShapeOf(this.graph)]
    const src = builder.input('images', shape, options.imageDType)
    const dst = builder.temporary('pixels', shape)
    builder.emit({ kind: 'rescale', src, dst, ...options.scaling })
    this.results.push(dst)
    this.graph.nodes.forEach((node, index) => {
      if (index > 0) this.results.push(this.forwardNode(node, index))
    })
    return this.results.at(-1) as TensorId
  }

  private forwardNode(node: GraphNode, index: number): TensorId {
    const { builder } = this
    // Logits are f32 in every precision: the loss is computed from them.
    const isLogits = builder.mode !== 'statistics' && index === this.graph.nodes.length - 1
    return rulesOf(node.op).forward({
      params: node.params,
      mode: builder.mode,
      inputs: node.inputs.map((i) => this.results[i] as TensorId),
      salt: index,
      shapeOf: (id) => builder.shapeOf(id),
      weight: this.weightsByName(node),
      output: (shape) => builder.temporary(node.name, shape, isLogits ? 'f32' : builder.activations),
      save: (name, shape, dtype) => {
        const id = builder.temporary(`${node.name}/${name}`, shape, dtype)
        this.saved.set(`${node.name}/${name}`, id)
        return id
      },
      planInput: this.planInput,
      emit: builder.emit,
    })
  }

  readonly planInput = (name: 'hyper' | 'key'): TensorId =>
    name === 'hyper'
      ? this.builder.input('hyper', [Hyper.size], 'f32')
      : this.builder.input('key', [2], 'u32')

  /**
   * Emits the gradient steps, given the gradient of an objective by the logits, for those nodes behind `first` that
   * have a target among their inputs or before them; a training plan's gradients by weights are emitted too.
   */
  backward(diffLogits: TensorId, isTarget: (node: GraphNode) => boolean, first = 0): void {
    const { nodes } = this.graph
    const wanted = this.fromTargetsOn(isTarget)
    this.gradients.set(nodes.length - 1, diffLogits)
    for (let index = nodes.length - 1; index > first; index--) {
      const diffOutput = this.gradients.get(index)
      if (diffOutput !== undefined) this.backwardNode(nodes[index] as GraphNode, index, diffOutput, wanted)
    }
  }

  /** What a node gives. */
  resultOf(index: number): TensorId {
    return this.results[index] as TensorId
  }

  /** The gradient by what a node gives, once `backward` has come to it; undefined where the logits do not depend on it. */
  gradientBy(index: number): TensorId | undefined {
    return this.gradients.get(index)
  }

  /** Whether a node or anything before it is a target. */
  private fromTargetsOn(isTarget: (node: GraphNode) => boolean): readonly boolean[] {
    const wanted: boolean[] = []
    for (const node of this.graph.nodes) {
      wanted.push(isTarget(node) || node.inputs.some((i) => wanted[i] === true))
    }
    return wanted
  }

  private backwardNode(
    node: GraphNode,
    index: number,
    diffOutput: TensorId,
    wanted: readonly boolean[],
  ): void {
    const { builder } = this
    const weights = this.weightsByName(node)
    rulesOf(node.op).backward({
      params: node.params,
      mode: builder.mode === 'gradient' ? 'gradient' : 'training',
      inputs: node.inputs.map((i) => this.results[i] as TensorId),
      output: this.results[index] as TensorId,
      salt: index,
      diffOutput,
      shapeOf: (id) => builder.shapeOf(id),
      weight: weights,
      diffWeight: (suffix) =>
        builder.temporary(gradientName(`${node.name}.${suffix}`), builder.shapeOf(weights(suffix)), 'f32'),
      saved: (name) => this.saved.get(`${node.name}/${name}`) as TensorId,
      needsDiffInput: (i) => wanted[node.inputs[i] as number] === true,
      zeros: (count) => builder.persistent(`zeros/${count}`, [count]),
      gradient: (like) => builder.temporary(gradientName(builder.nameOf(like)), builder.shapeOf(like)),
      setDiffInput: (i, gradient) => this.addGradient(node.inputs[i] as number, gradient),
      planInput: this.planInput,
      emit: builder.emit,
    })
  }

  /** Several readers' gradients of one result are summed. */
  private addGradient(index: number, gradient: TensorId): void {
    const other = this.gradients.get(index)
    if (other === undefined) {
      this.gradients.set(index, gradient)
      return
    }
    const { builder } = this
    const sum = builder.temporary(`${builder.nameOf(other)}/sum`, builder.shapeOf(other))
    builder.emit({ kind: 'add', a: gradient, b: other, dst: sum, relu: false })
    this.gradients.set(index, sum)
  }

  private weightsByName(node: GraphNode): (suffix: string) => TensorId {
    const specs = new Map(weightsOfNode(this.graph, node).map((spec) => [spec.suffix, spec]))
    return (suffix) => {
      const spec = specs.get(suffix) as NamedWeight
      return this.builder.persistent(this.weightNames(spec.name), spec.shape)
    }
  }
}
