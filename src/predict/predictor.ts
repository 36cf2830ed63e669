/** A trained model, ready to name what images show. */
import { rowOf } from '../core/logits.js'
import { sizeOf } from '../core/shape.js'
import type { Classifier, Engine } from '../engine/engine.js'
import { inputShapeOf } from '../graph/graph.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { type Answer, answerOf } from './answer.js'
import { KnownImages } from './known-images.js'

export class Predictor {
  private constructor(
    readonly model: TrainedModel,
    private readonly classifier: Classifier,
    private readonly known: KnownImages | null,
  ) {}

  /**
   * Loads a model's weights for predicting `batch` images at once (by default as many as is quickest).
   *
   * @throws AtelierError for damaged files.
   */
  static async open(model: TrainedModel, engine: Engine, batch?: number): Promise<Predictor> {
    const [classifier, weights, known] = await Promise.all([
      engine.classifier(model.graph, {
        scaling: model.scaling,
        precision: 'f32',
        ...(batch === undefined ? {} : { batch }),
      }),
      model.readWeights(),
      KnownImages.of(model),
    ])
    await classifier.load(weights)
    return new Predictor(model, classifier, known)
  }

  /** Answers about images, each of as many bytes as the model's input has. */
  async predict(images: readonly Uint8Array[]): Promise<Answer[]> {
    const { classes, temperature, graph } = this.model
    const size = sizeOf(inputShapeOf(graph))
    const pixels = new Uint8Array(images.length * size)
    images.forEach((image, i) => {
      pixels.set(image, i * size)
    })
    const logits = await this.classifier.logits(pixels, images.length)
    const facts = { classes, temperature, known: this.known }
    return images.map((image, i) => answerOf(image, rowOf(logits, i, classes.length).slice(), facts))
  }

  dispose(): void {
    this.classifier.dispose()
  }
}
