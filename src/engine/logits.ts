/** Logits of many images by an inference plan: what validation, evaluation and prediction share. */

import { sizeOf } from '../core/shape.js'
import type { Graph } from '../graph/graph.js'
import { classCountOf, inputShapeOf } from '../graph/graph.js'
import { buildInferencePlan, type ForwardOptions } from '../plan/build.js'
import { planFlops } from '../plan/flops.js'
import { type Fold, foldNormalizations, foldWeights } from '../plan/fold.js'
import type { Engine, Program, Values } from './engine.js'

export interface ClassifierOptions extends Pick<ForwardOptions, 'pixels' | 'precision'> {
  /**
   * Images a step; more images are taken in several steps, fewer are padded. By default what gives many images
   * the highest rate; 1 gives one image the lowest latency (see docs/architecture.md).
   */
  readonly batch?: number
  /** What holds the pixels, 0 ... 255 in both; u8 by default. */
  readonly imageDType?: 'u8' | 'f32'
}

/** Classify with another program's weights, or with their moving averages, as they are at each call. */
export interface SharedWeights extends Pick<ForwardOptions, 'average'> {
  readonly shareWith: Program
}

/** Classifies by whole models and knows no plans, so it cannot train. */
export interface InferenceEngine extends Pick<Engine, 'description' | 'threads'> {
  readonly name: 'onnxruntime'
  readonly bf16: false
  classifier(graph: Graph, options: ClassifierOptions): Promise<Classifier>
}

/** Whatever can classify. */
export type ClassifyingEngine = Engine | InferenceEngine

/**
 * Both divide 1,000 and 10,000. Models of little work an image gain by larger batches (nn 40 % over 250), the
 * others lose nothing by smaller ones, which take less memory.
 */
const BATCH = { small: 500, large: 125 }
/** Flops an image up to which a model is small. */
const SMALL_FLOPS = 2e6

/** Gives images' logits, by the running statistics and without dropout. */
export abstract class Classifier {
  constructor(readonly classes: number) {}

  static create(engine: ClassifyingEngine, graph: Graph, options: ClassifierOptions): Promise<Classifier> {
    return engine.name === 'onnxruntime'
      ? engine.classifier(graph, options)
      : PlanClassifier.compile(engine, graph, options)
  }

  /** One that is given no weights of its own. */
  static sharing(
    engine: Engine,
    graph: Graph,
    options: ClassifierOptions & SharedWeights,
  ): Promise<Classifier> {
    return PlanClassifier.compile(engine, graph, options)
  }

  /** Takes the graph's weights, by `<layer>.<suffix>`. */
  abstract load(weights: ReadonlyMap<string, Values>): Promise<void>

  /** [count, classes] logits of `count` images, one after another, which must not change until they are there. */
  abstract logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array>

  abstract dispose(): void
}

/** Runs an inference plan; Batch Normalization is folded into its neighbours, unless weights are shared. */
class PlanClassifier extends Classifier {
  private constructor(
    private readonly program: Program,
    private readonly folds: readonly Fold[],
    private readonly imageSize: number,
    classes: number,
  ) {
    super(classes)
  }

  static async compile(
    engine: Engine,
    graph: Graph,
    options: ClassifierOptions & Partial<SharedWeights>,
  ): Promise<Classifier> {
    const { imageDType = 'u8', shareWith, ...rest } = options
    const folded = shareWith ? { graph, folds: [] } : foldNormalizations(graph)
    const planFor = (batch: number) => buildInferencePlan(folded.graph, { ...rest, batch, imageDType })
    const small = planFlops(planFor(1)) <= SMALL_FLOPS
    const plan = planFor(options.batch ?? (small ? BATCH.small : BATCH.large))
    const program = await engine.compile(plan, shareWith)
    return new PlanClassifier(program, folded.folds, sizeOf(inputShapeOf(graph)), classCountOf(graph))
  }

  override load(weights: ReadonlyMap<string, Values>): Promise<void> {
    const names = this.program.plan.tensors.filter((tensor) => tensor.persistent).map(({ name }) => name)
    const folded = foldWeights(this.folds, weights)
    return this.program.write(new Map(names.map((name) => [name, folded.get(name) as Values])))
  }

  override async logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
    const { batch } = this.program.plan
    const whole = Math.floor(count / batch)
    const logits = new Float32Array(count * this.classes)
    if (whole > 0) {
      await this.program.run(
        whole,
        { images: images.subarray(0, whole * batch * this.imageSize) },
        { logits: logits.subarray(0, whole * batch * this.classes) },
      )
    }
    if (count > whole * batch) {
      const size = batch * this.imageSize
      const padded = images instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size)
      padded.set(images.subarray(whole * batch * this.imageSize, count * this.imageSize))
      const last = new Float32Array(batch * this.classes)
      await this.program.run(1, { images: padded }, { logits: last })
      logits.set(last.subarray(0, (count - whole * batch) * this.classes), whole * batch * this.classes)
    }
    return logits
  }

  override dispose(): void {
    this.program.dispose()
  }
}

/** The index of the largest value, the first of equal ones. */
export function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

/** How many of the images have their largest logit at their label. */
export function countCorrect(logits: Float32Array, labels: Uint8Array, classes: number): number {
  let correct = 0
  labels.forEach((label, image) => {
    if (argmax(logits.subarray(image * classes, (image + 1) * classes)) === label) correct++
  })
  return correct
}

/** Mean of log(sum(exp(logits))) - logit at the label. */
export function meanCrossEntropy(logits: Float32Array, labels: Uint8Array, classes: number): number {
  let sum = 0
  labels.forEach((label, image) => {
    const row = logits.subarray(image * classes, (image + 1) * classes)
    const highest = row.reduce((a, b) => Math.max(a, b))
    const total = row.reduce((total, logit) => total + Math.exp(logit - highest), 0)
    sum += highest + Math.log(total) - (row[label] as number)
  })
  return sum / labels.length
}

/** Turns each row of logits into probabilities, in place. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes)
    const highest = row.reduce((a, b) => Math.max(a, b))
    const total = row.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
    for (let i = 0; i < classes; i++) row[i] = Math.exp((row[i] as number) - highest) / total
  }
  return logits
}
