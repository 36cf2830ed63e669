/** A trained model, ready to name what prepared images show. */
import { AtelierError, mismatch } from '../core/errors.js'
import { formatShape, sameShape } from '../core/shape.js'
import type { Engine } from '../engine/engine.js'
import { Classifier } from '../engine/logits.js'
import { inputShapeOf } from '../graph/graph.js'
import type { TrainedModel } from '../train/trained-model.js'
import { SIDE } from './photo/prepare.js'
import { type RankedClass, rankClasses } from './ranking.js'
import { Familiarity, type Unfamiliar } from './unfamiliar.js'

export interface Prediction {
  readonly model: string
  /** All classes by falling probability; where the model has a temperature, the probabilities are calibrated. */
  readonly ranked: readonly RankedClass[]
  readonly unfamiliar: Unfamiliar
}

export class Predictor {
  private constructor(
    private readonly model: TrainedModel,
    private readonly classifier: Classifier,
    private readonly familiarity: Familiarity | null,
  ) {}

  /**
   * Loads a model's weights for predicting `batch` images at once (by default as many as is quickest).
   *
   * @throws AtelierError for a model of other images than the data set's, and for damaged files.
   */
  static async open(model: TrainedModel, engine: Engine, batch?: number): Promise<Predictor> {
    const wanted = [SIDE, SIDE, 1]
    const shape = inputShapeOf(model.graph)
    if (!sameShape(shape, wanted)) {
      const subject = `Model ${model.name}, input`
      throw new AtelierError(mismatch(subject, `${formatShape(wanted)}, as photos become`, formatShape(shape)))
    }
    const [classifier, weights, heldOut] = await Promise.all([
      Classifier.create(engine, model.graph, {
        pixels: model.pixels,
        precision: 'f32',
        ...(batch === undefined ? {} : { batch }),
      }),
      model.readWeights(),
      model.heldOutLogits(),
    ])
    await classifier.load(weights)
    return new Predictor(model, classifier, heldOut && Familiarity.from(heldOut, model.classes.length))
  }

  /** Predictions of images of 28 x 28 bytes. */
  async predict(images: readonly Uint8Array[]): Promise<Prediction[]> {
    const { name, classes, temperature } = this.model
    const pixels = new Uint8Array(images.length * SIDE * SIDE)
    images.forEach((image, i) => {
      pixels.set(image, i * SIDE * SIDE)
    })
    const logits = await this.classifier.logits(pixels, images.length)
    return images.map((image, i) => {
      const row = logits.subarray(i * classes.length, (i + 1) * classes.length)
      const ranked = rankClasses(row, classes, temperature ?? 1)
      return { model: name, ranked, unfamiliar: judge(image, row) }
    })
  }

  dispose(): void {
    this.classifier.dispose()
  }
}
