/** From a graph to a plan: forward steps, loss, gradients in reverse order, and one update of all weights. */
import type { Graph, GraphNode } from '../graph/graph.js'
import { inputShapeOf, type NamedWeight, weightsOf, weightsOfNode } from '../graph/graph.js'
import { rulesOf } from '../graph/registry.js'
import { Hyper, type StepOf, type TensorId } from '../graph/steps.js'
import { PlanBuilder } from './builder.js'
import { fuseGraph } from './fuse.js'
import type { Plan } from './plan.js'

/** What an update rule needs beyond the values of `Hyper` that change at every step. */
export type UpdateRule =
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean }

interface CommonOptions {
  readonly batch: number
  readonly precision: 'f32' | 'bf16'
  /** The network sees scale * pixel + shift, pixels being 0 ... 255. */
  readonly pixels: { readonly scale: number; readonly shift: number }
  readonly imageDType: 'u8' | 'f32'
  /** Every tensor keeps a slot of its own and can be read after a run. */
  readonly keepAll?: boolean
}
export interface TrainingOptions extends CommonOptions {
  readonly update: UpdateRule
  readonly smoothing: number
  /** Whether an exponential moving average of each weight (statistics too) is kept, as `average/<weight>`. */
  readonly average: boolean
}
export interface ForwardOptions extends CommonOptions {
  /** Whether to use `average/<weight>` in place of each weight, running statistics included. */
  readonly average?: boolean
}

/** The name under which the moving average of a weight is kept. */
export const averageName = (weight: string): string => `average/${weight}`

/** What feeds Batch Normalizations: nothing behind the last of them matters to their statistics. */
function upToLastStatistics({ name, nodes }: Graph): Graph {
  const last = nodes.findLastIndex((node) => node.op === 'batchNormalization')
  return { name, nodes: nodes.slice(0, last + 1) }
}

class Lowering {
  readonly builder: PlanBuilder
  readonly graph: Graph
  /** Each node's result, and its gradient once a reader has named it. */
  private readonly results: TensorId[] = []
  private readonly gradients = new Map<number, TensorId>()
  private readonly saved = new Map<string, TensorId>()
  private readonly weightNames: (name: string) => string

  constructor(
    graph: Graph,
    mode: Plan['mode'],
    private readonly options: CommonOptions & { average?: boolean },
  ) {
    const fused = fuseGraph(graph)
    this.graph = mode === 'statistics' ? upToLastStatistics(fused) : fused
    this.builder = new PlanBuilder(mode, options.batch, options.precision)
    this.weightNames = mode !== 'training' && options.average ? averageName : (name) => name
  }

  /** Emits the forward steps and returns the logits. */
  forward(): TensorId {
    const { builder, options } = this
    const shape = [options.batch, ...inputShapeOf(this.graph)]
    const src = builder.input('images', shape, options.imageDType)
    const dst = builder.temporary('pixels', shape)
    builder.emit({ kind: 'rescale', src, dst, ...options.pixels })
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

  /** Emits the gradient steps, given the gradient of the loss by the logits. */
  backward(diffLogits: TensorId): void {
    const { nodes } = this.graph
    const learns = this.nodesThatLearn()
    this.gradients.set(nodes.length - 1, diffLogits)
    for (let index = nodes.length - 1; index > 0; index--) {
      const diffOutput = this.gradients.get(index)
      if (diffOutput !== undefined) this.backwardNode(nodes[index] as GraphNode, index, diffOutput, learns)
    }
  }

  private backwardNode(
    node: GraphNode,
    index: number,
    diffOutput: TensorId,
    learns: readonly boolean[],
  ): void {
    const { builder } = this
    const weights = this.weightsByName(node)
    rulesOf(node.op).backward({
      params: node.params,
      inputs: node.inputs.map((i) => this.results[i] as TensorId),
      output: this.results[index] as TensorId,
      salt: index,
      diffOutput,
      shapeOf: (id) => builder.shapeOf(id),
      weight: weights,
      diffWeight: (suffix) =>
        builder.temporary(gradientName(`${node.name}.${suffix}`), builder.shapeOf(weights(suffix)), 'f32'),
      saved: (name) => this.saved.get(`${node.name}/${name}`) as TensorId,
      needsDiffInput: (i) => learns[node.inputs[i] as number] === true,
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

  /** Whether a node or anything before it has trainable weights. */
  private nodesThatLearn(): readonly boolean[] {
    const learns: boolean[] = []
    for (const node of this.graph.nodes) {
      const own = weightsOfNode(this.graph, node).some((spec) => spec.trainable)
      learns.push(own || node.inputs.some((i) => learns[i] === true))
    }
    return learns
  }

  private weightsByName(node: GraphNode): (suffix: string) => TensorId {
    const specs = new Map(weightsOfNode(this.graph, node).map((spec) => [spec.suffix, spec]))
    return (suffix) => {
      const spec = specs.get(suffix) as NamedWeight
      return this.builder.persistent(this.weightNames(spec.name), spec.shape)
    }
  }
}

export const gradientName = (name: string): string => `gradient/${name}`

function updateStep(
  lowering: Lowering,
  gradientOf: (weight: string) => TensorId,
  { update, average }: TrainingOptions,
): StepOf<'adam'> | StepOf<'sgd'> {
  const { builder, graph } = lowering
  const common = ({ name, shape, suffix }: NamedWeight) => ({
    weights: builder.persistent(name, shape),
    gradient: gradientOf(name),
    average: average ? builder.persistent(averageName(name), shape) : null,
    // Biases and Batch Normalization's parameters are few and set scales: they do not decay.
    decays: suffix === 'weight',
  })
  const trainable = weightsOf(graph).filter((spec) => spec.trainable)
  const state = ({ name, shape }: NamedWeight, kind: string): TensorId =>
    builder.persistent(`${kind}/${name}`, shape)
  const hyper = lowering.planInput('hyper')
  if (update.kind === 'adam') {
    const parameters = trainable.map((spec) => ({
      ...common(spec),
      mean: state(spec, 'adam.mean'),
      variance: state(spec, 'adam.variance'),
    }))
    return { ...update, hyper, parameters }
  }
  const parameters = trainable.map((spec) => ({ ...common(spec), velocity: state(spec, 'sgd.velocity') }))
  return { ...update, hyper, parameters }
}

/** Running statistics are averaged as the weights are: `hyper.statistics` holds the same rate. */
function averageStatistics({ builder, graph, planInput }: Lowering): void {
  for (const { name, shape, trainable } of weightsOf(graph)) {
    if (trainable) continue
    const [src, dst] = [builder.persistent(name, shape), builder.persistent(averageName(name), shape)]
    builder.emit({ kind: 'blend', src, dst, rate: 0, hyper: planInput('hyper') })
  }
}

/** One step of training: inputs images, labels, hyper and (with dropout) key; output metrics. */
export function buildTrainingPlan(graph: Graph, options: TrainingOptions): Plan {
  const lowering = new Lowering(graph, 'training', options)
  const { builder } = lowering
  const logits = lowering.forward()
  const labels = builder.input('labels', [options.batch], 'u8')
  const metrics = builder.temporary('metrics', [2], 'f32')
  const diffLogits = builder.temporary(gradientName('logits'), builder.shapeOf(logits))
  const { smoothing } = options
  builder.emit({ kind: 'softmaxCrossEntropy', logits, labels, metrics, diffLogits, smoothing })
  builder.output('metrics', metrics)
  lowering.backward(diffLogits)
  builder.emit(updateStep(lowering, (weight) => builder.idOf(gradientName(weight)), options))
  if (options.average) averageStatistics(lowering)
  return builder.finish(options.keepAll ?? false)
}

/** Logits of a batch by the running statistics, without dropout: input images; output logits. */
export function buildInferencePlan(graph: Graph, options: ForwardOptions): Plan {
  const lowering = new Lowering(graph, 'inference', options)
  lowering.builder.output('logits', lowering.forward())
  return lowering.builder.finish(options.keepAll ?? false)
}

/**
 * Re-estimates Batch Normalization's running statistics: each run moves them by `hyper.statistics` towards
 * those of the batch, so that rates 1, 1/2, 1/3, ... give the mean over batches. Inputs images and hyper.
 * The plan has no steps when the graph has no Batch Normalization.
 */
export function buildStatisticsPlan(graph: Graph, options: ForwardOptions): Plan {
  const lowering = new Lowering(graph, 'statistics', options)
  if (lowering.graph.nodes.length > 0) lowering.forward()
  return lowering.builder.finish(options.keepAll ?? false)
}
