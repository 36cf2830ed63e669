/** Trained models for programs: opened once, asked as often as wanted. */
import { mismatch, UsageError } from '../core/errors.js'
import { chooseEngine } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'
import type { EngineName } from '../engine/names.js'
import { Predictor } from '../predict/predictor.js'
import { openTrained } from '../runs/open-trained.js'
import type { WhichWeights } from '../runs/which-weights.js'

export interface LoadOptions {
  /** `auto`: native where it can be had, else wasm. */
  readonly engine?: EngineName
  /** By default the processors that this process may use. */
  readonly threads?: number
  /** Of a run: `final` (the default), or those of its `best` epoch. */
  readonly weights?: WhichWeights
}

/** A trained model with its weights in an engine. */
export interface Model {
  readonly name: string
  /** The classes' names, by label. */
  readonly classes: readonly string[]
  readonly engine: {
    readonly name: string
    /** One line for people: library, version, instruction set, threads. */
    readonly description: string
    readonly threads: number
  }
  /** Frees the engine's memory; the model can then predict no more. */
  close(): void
}

/** What the library itself needs of one. */
class LoadedModel implements Model {
  constructor(
    readonly engine: Engine,
    readonly predictor: Predictor,
  ) {}

  get trained() {
    return this.predictor.model
  }

  get name() {
    return this.trained.name
  }

  get classes() {
    return this.trained.classes
  }

  close(): void {
    this.predictor.dispose()
  }
}

/**
 * Opens a trained model by the name of pretrained weights (`cnn`) or the folder of a run.
 *
 * @throws UsageError where there is no such model, AtelierError where it is damaged or the engine cannot be had.
 */
export async function loadModel(nameOrFolder: string, options: LoadOptions = {}): Promise<Model> {
  const { engine: asked = 'auto', threads, weights } = options
  const [trained, { engine }] = await Promise.all([
    openTrained(nameOrFolder, { weights }),
    chooseEngine({ engine: asked, threads }),
  ])
  return new LoadedModel(engine, await Predictor.open(trained, engine))
}

/** @throws UsageError for another object than `loadModel` gives. */
export function loadedModel(model: Model): LoadedModel {
  if (model instanceof LoadedModel) return model
  throw new UsageError(mismatch('Model', 'what loadModel gives', 'another object'))
}
