/** The plan of gradients by activations, as explanations need them: what training and inference never ask for. */
import { classCountOf, type Graph } from '../graph/graph.js'
import { type CommonOptions, Lowering } from './lowering.js'
import type { Plan } from './plan.js'

export interface GradientOptions extends CommonOptions {
  /** The layer by whose result the plan derives; `input` is the image as the network sees it, rescaled. */
  readonly layer: string
}

/**
 * The gradient of the logits, weighted by an image's own vector, by a layer's result, in inference: given
 * statistics, no dropout. Inputs images and diffLogits [batch, classes], the weights (a one for one class); outputs
 * logits, activations (the layer's result) and gradients (of its shape).
 *
 * @throws Error where the graph has no such layer or its logits do not depend on it.
 */
export function buildGradientPlan(graph: Graph, { layer, ...options }: GradientOptions): Plan {
  const lowering = new Lowering(graph, 'gradient', options)
  const { builder } = lowering
  const target = graph.nodes.findIndex(({ name }) => name === layer)
  if (target < 0) throw new Error(`model ${graph.name} has no layer ${layer}`)
  builder.output('logits', lowering.forward())
  const diffLogits = builder.input('diffLogits', [options.batch, classCountOf(graph)], 'f32')
  lowering.backward(diffLogits, ({ name }) => name === layer, target)
  const gradients = lowering.gradientBy(target)
  if (gradients === undefined) throw new Error(`the logits of ${graph.name} do not depend on ${layer}`)
  builder.output('activations', lowering.resultOf(target))
  builder.output('gradients', gradients)
  return builder.finish(options.keepAll ?? false)
}
