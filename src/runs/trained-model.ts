import { AtelierError, mismatch } from '../core/errors.js'
import type { Values } from '../engine/engine.js'
import { classCountOf } from '../graph/graph.js'
import { pixelScaling } from '../recipes/recipe.js'
import type { LabelledLogits } from './formats/logits.js'
import { readLogits } from './logits-file.js'
import { type Confidence, readConfidence } from './read-metrics.js'
import { isFinished, pathIn, predictionsIn, type RunFolder } from './run-folder.js'
import { readWeights } from './weights.js'

/** The folder's path, the record of the training and the graph are those of any run. */
export interface TrainedModel extends RunFolder, Confidence {
  /** The model's name: one of the four, or that of a user's own. */
  readonly name: string
  /** A finished run, or weights as released, whose folder nothing may be written into. */
  readonly kind: 'run' | 'pretrained'
  /** The classes' names, by logit. */
  readonly classes: readonly string[]
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  readonly pixels: { readonly scale: number; readonly shift: number }
  /** The safetensors file of the weights. */
  readonly weightsFile: string
  /** The graph's weights by `<layer>.<suffix>`, in f32. */
  readonly readWeights: () => Promise<Map<string, Values>>
  /**
   * Logits of training images that were held out: by the run itself, or, of released weights, by another run of
   * the same recipe. Null where there are none.
   */
  readonly heldOutLogits: () => Promise<LabelledLogits | null>
}

/**
 * The trained weights of a run.
 *
 * @throws AtelierError for a run that is not finished.
 */
export async function trainedRun(run: RunFolder): Promise<TrainedModel> {
  if (!isFinished(run)) {
    const hint = `Finish it with: atelier train --resume ${run.directory}`
    throw new AtelierError(mismatch(run.directory, 'a finished run', 'one that was stopped', hint))
  }
  const { directory, record, graph } = run
  const weightsFile = pathIn(run, 'model')
  return {
    directory,
    record,
    graph,
    name: record.model,
    kind: 'run',
    classes: record.data.classes,
    pixels: pixelScaling(record.recipe),
    ...(await readConfidence(run)),
    weightsFile,
    readWeights: () => readWeights(weightsFile, graph),
    heldOutLogits: () => readLogits(predictionsIn(run, 'validation'), classCountOf(graph)),
  }
}
