/** A model's classifiers of batches of several sizes, and which of them is quickest for so many images. */
import { sizeOf } from '../../core/shape.js'
import type { Classifier, ClassifyingEngine } from '../../engine/engine.js'
import { inputShapeOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'

/** Images of a large batch: enough for full speed, few enough that nobody waits long. */
export const LARGE_BATCH = 32
/** What does not fill a large batch is taken by one of these, or by a large one with places left. */
const SMALLER_BATCHES = [8, 1]

export interface ServingClassifier {
  readonly classes: number
  readonly imageSize: number
  /** Logits of pixels 0 ... 255, which may lie between whole numbers. */
  logits(images: Float32Array, count: number): Promise<Float32Array>
  dispose(): void
}

interface Sized {
  readonly classifier: Classifier
  readonly batch: number
  /** Of a batch. */
  readonly seconds: number
}

export async function createServingClassifier(
  model: TrainedModel,
  engine: ClassifyingEngine,
): Promise<ServingClassifier> {
  const imageSize = sizeOf(inputShapeOf(model.graph))
  const weights = await model.readWeights()
  const create = async (batch: number): Promise<Sized> => {
    const options = { precision: 'f32', imageDType: 'f32', pixels: model.pixels, batch } as const
    const classifier = await engine.classifier(model.graph, options)
    await classifier.load(weights)
    return { classifier, batch, seconds: await secondsOf(classifier, imageSize, batch) }
  }
  const large = await create(LARGE_BATCH)
  const all = [large]
  for (const batch of SMALLER_BATCHES) all.push(await create(batch))
  const { classes } = large.classifier
  return {
    classes,
    imageSize,
    logits: async (images, count) => {
      const whole = count - (count % LARGE_BATCH)
      const rest = count - whole
      const quickest = rest === 0 ? large : quickestFor(rest, all)
      if (whole === 0 || quickest === large) return quickest.classifier.logits(images, count)
      const [first, last] = await Promise.all([
        large.classifier.logits(images.subarray(0, whole * imageSize), whole),
        quickest.classifier.logits(images.subarray(whole * imageSize), rest),
      ])
      const logits = new Float32Array(count * classes)
      logits.set(first)
      logits.set(last, first.length)
      return logits
    },
    dispose: () => {
      for (const { classifier } of all) classifier.dispose()
    },
  }
}

/** The classifier that needs the least time for so many images, the last batch filled up. */
export function quickestFor<T extends Omit<Sized, 'classifier'>>(count: number, all: readonly T[]): T {
  const secondsWith = ({ batch, seconds }: T): number => Math.ceil(count / batch) * seconds
  return all.reduce((best, other) => (secondsWith(other) < secondsWith(best) ? other : best))
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
