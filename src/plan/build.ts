/** From a graph to a plan: forward steps, loss, gradients in reverse order, and one update of all weights. */
import { type Graph, type GraphNode, type NamedWeight, weightsOf, weightsOfNode } from '../graph/graph.js'
import type { StepOf, TensorId } from '../graph/steps.js'
import { averageName, type CommonOptions, gradientName, Lowering } from './lowering.js'
import type { Plan } from './plan.js'

/** What an update rule needs beyond the values of `Hyper` that change at every step. */
export type UpdateRule =
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean }

export interface TrainingOptions extends CommonOptions {
  readonly update: UpdateRule
  readonly smoothing: number
  /** The share of the target that is a teacher's probabilities, the input `targets`; 0: there is none. */
  readonly taught?: number
  /** Whether each image's loss has a weight of its own, the input `exampleWeights`. */
  readonly weighted?: boolean
  /** Whether an exponential moving average of each weight (statistics too) is kept, as `average/<weight>`. */
  readonly average: boolean
}
export interface ForwardOptions extends CommonOptions {
  /** Whether to use `average/<weight>` in place of each weight, running statistics included. */
  readonly average?: boolean
}

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

/**
 * One step of training: inputs images, labels, hyper, where they are wanted targets, exampleWeights and (with dropout) key;
 * output metrics.
 */
export function buildTrainingPlan(graph: Graph, options: TrainingOptions): Plan {
  const lowering = new Lowering(graph, 'training', options)
  const { builder } = lowering
  const logits = lowering.forward()
  const labels = builder.input('labels', [options.batch], 'u8')
  const metrics = builder.temporary('metrics', [2], 'f32')
  const diffLogits = builder.temporary(gradientName('logits'), builder.shapeOf(logits))
  const { smoothing, taught: share = 0, weighted = false } = options
  const targets = share > 0 ? builder.input('targets', builder.shapeOf(logits), 'f32') : null
  const exampleWeights = weighted ? builder.input('exampleWeights', [options.batch], 'f32') : null
  builder.emit({
    kind: 'softmaxCrossEntropy',
    logits,
    labels,
    targets,
    exampleWeights,
    metrics,
    diffLogits,
    smoothing,
    share,
  })
  builder.output('metrics', metrics)
  const learns = (node: GraphNode): boolean =>
    weightsOfNode(lowering.graph, node).some(({ trainable }) => trainable)
  lowering.backward(diffLogits, learns)
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
