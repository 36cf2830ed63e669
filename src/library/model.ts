/** Trained models for programs: opened once, asked as often as wanted. */
import { type ClassifyingEngineName, chooseClassifyingEngine } from '../engine/choose.js'
import type { Classifier, ClassifyingEngine } from '../engine/engine.js'
import { KnownImages } from '../predict/known-images.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainedModel } from '../runs/trained-model.js'

export interface LoadOptions {
  /** `auto`: native where it can be had, else onnxruntime, else the reference engine. */
  readonly engine?: ClassifyingEngineName
  /** By default the processors that this process may use. */
  readonly threads?: number
}

/** A trained model with its weights in an engine. */
export interface Model {
  readonly name: string
  /** The classes' names, by label. */
  readonly classes: readonly string[]
  /** Graph, pixels' range, temperature, the record of the training. */
  readonly trained: TrainedModel
  readonly engine: ClassifyingEngine
  readonly classifier: Classifier
  /** Tells what the model knows; null where no held-out images could. */
  readonly known: KnownImages | null
  /** Frees the engine's memory; the model can then predict no more. */
  close(): void
}

/**
 * Opens a trained model by the name of pretrained weights (`cnn`) or the folder of a finished run.
 *
 * @throws UsageError where there is no such model, AtelierError where it is damaged or the engine cannot be had.
 */
export async function loadModel(nameOrFolder: string, options: LoadOptions = {}): Promise<Model> {
  const { engine: asked = 'auto', threads } = options
  const [trained, { engine }] = await Promise.all([
    openTrained(nameOrFolder),
    chooseClassifyingEngine({ engine: asked, threads }),
  ])
  const { graph, pixels, name, classes } = trained
  const [classifier, weights, known] = await Promise.all([
    engine.classifier(graph, { precision: 'f32', pixels }),
    trained.readWeights(),
    KnownImages.of(trained),
  ])
  await classifier.load(weights)
  return { name, classes, trained, engine, classifier, known, close: () => classifier.dispose() }
}
