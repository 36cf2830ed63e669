/** A model's classifiers of one image and of many, and which is quicker for so many. */
import { sizeOf } from '../../core/shape.js'
import { Classifier, type ClassifyingEngine } from '../../engine/logits.js'
import { inputShapeOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../train/trained-model.js'

/** Images of a large batch: enough for full speed, few enough that nobody waits long. */
export const LARGE_BATCH = 32

export interface ServingClassifier {
  readonly classes: number
  readonly imageSize: number
  /** Logits of pixels 0 ... 255, which may lie between whole numbers. */
  logits(images: Float32Array, count: number): Promise<Float32Array>
  dispose(): void
}

export async function createServingClassifier(
  model: TrainedModel,
  engine: ClassifyingEngine,
): Promise<ServingClassifier> {
  const imageSize = sizeOf(inputShapeOf(model.graph))
  const weights = await model.readWeights()
  const create = async (batch: number): Promise<Classifier> => {
    const options = { precision: 'f32', imageDType: 'f32', pixels: model.pixels, batch } as const
    const classifier = await Classifier.create(engine, model.graph, options)
    await classifier.load(weights)
    return classifier
  }
  const [one, many] = [await create(1), await create(LARGE_BATCH)]
  const cost = {
    one: await secondsOf(one, imageSize, 1),
    many: await secondsOf(many, imageSize, LARGE_BATCH),
  }
  return {
    classes: one.classes,
    imageSize,
    logits: async (images, count) => {
      const rest = count % LARGE_BATCH
      const restByOne = rest * cost.one < cost.many
      if (!restByOne) return many.logits(images, count)
      const whole = count - rest
      if (whole === 0) return one.logits(images, count)
      const [first, last] = await Promise.all([
        many.logits(images.subarray(0, whole * imageSize), whole),
        one.logits(images.subarray(whole * imageSize), rest),
      ])
      const logits = new Float32Array(first.length + last.length)
      logits.set(first)
      logits.set(last, first.length)
      return logits
    },
    dispose: () => {
      one.dispose()
      many.dispose()
    },
  }
}

/** Of a batch, at best of three: the first pays for memory that is touched anew. */
async function secondsOf(classifier: Classifier, imageSize: number, batch: number): Promise<number> {
  const images = new Float32Array(batch * imageSize)
  let best = Number.POSITIVE_INFINITY
  for (let trial = 0; trial < 3; trial++) {
    const start = performance.now()
    await classifier.logits(images, batch)
    best = Math.min(best, (performance.now() - start) / 1000)
  }
  return best
}
