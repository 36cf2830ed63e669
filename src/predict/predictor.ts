/** A trained model, ready to name what prepared images show. */

import { AtelierError, mismatch } from '../core/errors.js'
import { rowOf } from '../core/logits.js'
import { formatShape, sameShape } from '../core/shape.js'
import type { Classifier, ClassifyingEngine } from '../engine/engine.js'
import type { Familiarity } from '../evaluate/familiarity.js'
import { inputShapeOf } from '../graph/graph.js'
import { SIDE } from '../photo/prepare.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { isUnfamiliar, KnownImages } from './known-images.js'
import { type RankedClass, rankClasses } from './ranking.js'

export interface Prediction {
  readonly model: string
  /** All classes by falling probability; where the model has a temperature, the probabilities are calibrated. */
  readonly ranked: readonly RankedClass[]
  /** Null where no held-out images say what is usual. */
  readonly familiarity: Familiarity | null
  /** The image is blank or like nothing the model knows: the classes mean nothing. Null where that is unknown. */
  readonly unfamiliar: boolean | null
}

export class Predictor {
  private constructor(
    private readonly model: TrainedModel,
    private readonly classifier: Classifier,
    private readonly known: KnownImages | null,
  ) {}

  /**
   * Loads a model's weights for predicting `batch` images at once (by default as many as is quickest).
   *
   * @throws AtelierError for a model of other images than the data set's, and for damaged files.
   */
  static async open(model: TrainedModel, engine: ClassifyingEngine, batch?: number): Promise<Predictor> {
    checkInput(model)
    const [classifier, weights, known] = await Promise.all([
      engine.classifier(model.graph, {
        pixels: model.pixels,
        precision: 'f32',
        ...(batch === undefined ? {} : { batch }),
      }),
      model.readWeights(),
      KnownImages.of(model),
    ])
    await classifier.load(weights)
    return new Predictor(model, classifier, known)
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
      const row = rowOf(logits, i, classes.length)
      const familiarity = this.known?.compare(row) ?? null
      return {
        model: name,
        ranked: rankClasses(row, classes, temperature),
        familiarity,
        unfamiliar: isUnfamiliar(image, familiarity),
      }
    })
  }

  dispose(): void {
    this.classifier.dispose()
  }
}

function checkInput({ name, graph }: TrainedModel): void {
  const wanted = [SIDE, SIDE, 1]
  const shape = inputShapeOf(graph)
  if (sameShape(shape, wanted)) return
  const subject = `Model ${name}, input`
  throw new AtelierError(mismatch(subject, `${formatShape(wanted)}, as photos become`, formatShape(shape)))
}
