/** The classifier of every engine: an inference plan, compiled and run. */
import { sizeOf } from '../core/shape.js'
import { classCountOf, type Graph, inputShapeOf } from '../graph/graph.js'
import { buildInferencePlan } from '../plan/build.js'
import { planFlops } from '../plan/flops.js'
import { type Fold, foldNormalizations, foldWeights } from '../plan/fold.js'
import type { Classifier, ClassifierOptions, Engine, Program, SharedWeights, Values } from './engine.js'

/**
 * Both divide 1,000 and 10,000. Models of little work an image gain by larger batches (nn 40 % over 250), the
 * others lose nothing by smaller ones, which take less memory.
 */
const BATCH = { small: 500, large: 125 }
/** Flops an image up to which a model is small. */
const SMALL_FLOPS = 2e6

/** Runs an inference plan; Batch Normalization is folded into its neighbours, unless weights are shared. */
export class PlanClassifier implements Classifier {
  private constructor(
    private readonly program: Program,
    private readonly folds: readonly Fold[],
    private readonly imageSize: number,
    readonly classes: number,
  ) {}

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

  load(weights: ReadonlyMap<string, Values>): Promise<void> {
    const names = this.program.plan.tensors.filter((tensor) => tensor.persistent).map(({ name }) => name)
    const folded = foldWeights(this.folds, weights)
    return this.program.write(new Map(names.map((name) => [name, folded.get(name) as Values])))
  }

  async logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
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

  dispose(): void {
    this.program.dispose()
  }
}
