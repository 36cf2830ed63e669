/** A compiled gradient plan with a model's weights. */

import { sizeOf } from '../core/shape.js'
import type { Engine, Program, Values } from '../engine/engine.js'
import { classCountOf, type Graph, type GraphNode } from '../graph/graph.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import { buildGradientPlan } from '../plan/gradient.js'

/** What gradients are taken of: a graph and what it sees of a pixel. */
export interface DifferentiableModel {
  readonly graph: Graph
  /** The network sees scale * pixel + shift of a pixel 0 ... 255. */
  readonly scaling: PixelScaling
}

export interface LayerGradients {
  /** [batch, ...shape]: the layer's result, and the gradient by it. */
  readonly activations: Float32Array
  readonly gradients: Float32Array
}

export class GradientProgram {
  private constructor(
    private readonly program: Program,
    /** Of a layer's results, and of an image's logits. */
    private readonly size: number,
    private readonly classes: number,
  ) {}

  /** Gradients of `batch` images at a time by the result of `layer`; `input` is the image as the network sees it. */
  static async create(
    engine: Engine,
    { graph, scaling }: DifferentiableModel,
    weights: ReadonlyMap<string, Values>,
    { layer, batch }: { readonly layer: string; readonly batch: number },
  ): Promise<GradientProgram> {
    const options = { batch, precision: 'f32', imageDType: 'f32', scaling, layer } as const
    const program = await engine.compile(buildGradientPlan(graph, options))
    const names = new Set(program.plan.tensors.filter((tensor) => tensor.persistent).map(({ name }) => name))
    await program.write(new Map([...weights].filter(([name]) => names.has(name))))
    const { shape } = graph.nodes.find(({ name }) => name === layer) as GraphNode
    return new GradientProgram(program, batch * sizeOf(shape), classCountOf(graph))
  }

  /**
   * Of each image's own objective, whose gradient by its logits is given; for images of pixels 0 ... 255, which may lie
   * between and beyond. The first of the two passes only tells the logits.
   */
  async run(
    images: Float32Array,
    objectiveOf: (logits: Float32Array) => Float32Array,
  ): Promise<LayerGradients> {
    const { size, classes } = this
    const { batch } = this.program.plan
    const [activations, gradients] = [new Float32Array(size), new Float32Array(size)]
    const [logits, diffLogits] = [new Float32Array(batch * classes), new Float32Array(batch * classes)]
    const outputs = { logits, activations, gradients }
    await this.program.run(1, { images, diffLogits }, outputs)
    for (let from = 0; from < logits.length; from += classes) {
      diffLogits.set(objectiveOf(logits.subarray(from, from + classes)), from)
    }
    await this.program.run(1, { images, diffLogits }, outputs)
    return { activations, gradients }
  }

  dispose(): void {
    this.program.dispose()
  }
}
