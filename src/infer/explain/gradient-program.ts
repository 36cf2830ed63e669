/** A compiled gradient plan with a model's weights. */
import { sizeOf } from '../../core/shape.js'
import type { Engine, Program, Values } from '../../engine/engine.js'
import type { Graph, GraphNode } from '../../graph/graph.js'
import { buildGradientPlan } from '../../plan/gradient.js'

/** What gradients are taken of: a graph and what it sees of a pixel. */
export interface DerivableModel {
  readonly graph: Graph
  /** The network sees scale * pixel + shift of a pixel 0 ... 255. */
  readonly pixels: { readonly scale: number; readonly shift: number }
}

export interface LayerGradients {
  /** [batch, ...shape]: the layer's result, and the gradient by it. */
  readonly activations: Float32Array
  readonly gradients: Float32Array
}

export class GradientProgram {
  private constructor(
    private readonly program: Program,
    private readonly size: number,
  ) {}

  /** Gradients of `batch` images at a time by the result of `layer`; `input` is the image as the network sees it. */
  static async create(
    engine: Engine,
    { graph, pixels }: DerivableModel,
    weights: ReadonlyMap<string, Values>,
    { layer, batch }: { readonly layer: string; readonly batch: number },
  ): Promise<GradientProgram> {
    const options = { batch, precision: 'f32', imageDType: 'f32', pixels, layer } as const
    const program = await engine.compile(buildGradientPlan(graph, options))
    const names = new Set(program.plan.tensors.filter((tensor) => tensor.persistent).map(({ name }) => name))
    await program.write(new Map([...weights].filter(([name]) => names.has(name))))
    const { shape } = graph.nodes.find(({ name }) => name === layer) as GraphNode
    return new GradientProgram(program, batch * sizeOf(shape))
  }

  /** Of the logits' sum weighted by `objective`, for images of pixels 0 ... 255, which may lie between and beyond. */
  async run(images: Float32Array, objective: Float32Array): Promise<LayerGradients> {
    const { size } = this
    const { batch } = this.program.plan
    const { length } = objective
    const diffLogits = Float32Array.from(
      { length: batch * length },
      (_, i) => objective[i % length] as number,
    )
    const [activations, gradients] = [new Float32Array(size), new Float32Array(size)]
    const logits = new Float32Array(batch * length)
    await this.program.run(1, { images, diffLogits }, { logits, activations, gradients })
    return { activations, gradients }
  }

  dispose(): void {
    this.program.dispose()
  }
}
