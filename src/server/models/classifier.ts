/** A model's classifiers of batches of several sizes, and which of them takes how many images. */
import { sizeOf } from '../../core/shape.js'
import type { Classifier, Engine } from '../../engine/engine.js'
import { inputShapeOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'

/** Images of a large batch: enough for full speed, few enough that nobody waits long. */
export const LARGE_BATCH = 32
const BATCHES = [LARGE_BATCH, 8, 1] as const
type Batch = (typeof BATCHES)[number]
/** What a batch costs beyond its images, in images: 3 to 4 by cnn and resnet50, as measured; less time by smaller models. */
const OVERHEAD = 4

export interface ServingClassifier {
  readonly imageSize: number
  /** Logits of pixels 0 ... 255, which may lie between whole numbers. */
  logits(images: Float32Array, count: number): Promise<Float32Array>
  dispose(): void
}

export async function createServingClassifier(
  model: TrainedModel,
  engine: Engine,
): Promise<ServingClassifier> {
  const imageSize = sizeOf(inputShapeOf(model.graph))
  const weights = await model.readWeights()
  const all = new Map<Batch, Classifier>()
  for (const batch of BATCHES) {
    const options = { precision: 'f32', imageDType: 'f32', scaling: model.scaling, batch } as const
    const classifier = await engine.classifier(model.graph, options)
    await classifier.load(weights)
    // So that the first request does not pay for memory that is touched anew.
    await classifier.logits(new Float32Array(batch * imageSize), batch)
    all.set(batch, classifier)
  }
  return {
    imageSize,
    logits: (images, count) => (all.get(batchFor(count)) as Classifier).logits(images, count),
    dispose: () => {
      for (const classifier of all.values()) classifier.dispose()
    },
  }
}

/**
 * The size of the batches that are done first with so many images, the last one filled up. By their number alone: what
 * the clock chose would change an answer's last bits from one start of the server to the next.
 */
export function batchFor(count: number): Batch {
  const cost = (batch: Batch): number => Math.ceil(count / batch) * (batch + OVERHEAD)
  return BATCHES.reduce((best, other) => (cost(other) < cost(best) ? other : best))
}
