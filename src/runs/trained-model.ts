/** A model with its trained weights, wherever they come from: what evaluating, predicting and exporting work on. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { readSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../core/errors.js'
import { parseJson } from '../core/json.js'
import type { Values } from '../engine/engine.js'
import { classCountOf } from '../graph/graph.js'
import { pixelScaling } from '../recipes/recipe.js'
import { isFinished, pathIn, predictionsIn, type RunFolder } from './run-folder.js'
import { readWeights } from './weights.js'

/** The folder's path, the record of the training and the graph are those of any run. */
export interface TrainedModel extends RunFolder {
  /** The model's name: one of the four, or that of a user's own. */
  readonly name: string
  /** A finished run, or weights as released, whose folder nothing may be written into. */
  readonly kind: 'run' | 'pretrained'
  /** The classes' names, by logit. */
  readonly classes: readonly string[]
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  readonly pixels: { readonly scale: number; readonly shift: number }
  /** Divides the logits, so that their softmax is calibrated; null where no held-out images could tell it. */
  readonly temperature: number | null
  /** From which familiarity score on images are unlike all it knows; null where it was not stored. */
  readonly unfamiliarFrom: number | null
  /** The safetensors file of the weights. */
  readonly weightsFile: string
  /** The graph's weights by `<layer>.<suffix>`, in f32. */
  readonly readWeights: () => Promise<Map<string, Values>>
  /**
   * Logits of training images that were held out: by the run itself, or, of released weights, by another run of
   * the same recipe. Null where there are none.
   */
  readonly heldOutLogits: () => Promise<HeldOutLogits | null>
}

export interface HeldOutLogits {
  /** [count, classes]. */
  readonly logits: Float32Array
  readonly labels: Uint8Array
  readonly count: number
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
    ...(await readConfidence(pathIn(run, 'metrics'))),
    weightsFile,
    readWeights: () => readWeights(weightsFile, graph),
    heldOutLogits: () => readHeldOutLogits(predictionsIn(run, 'validation'), classCountOf(graph)),
  }
}

const metricsSchema = z.object({
  calibration: z.object({ temperature: z.number().positive() }).nullish(),
  familiarity: z.object({ threshold: z.number() }).nullish(),
})

/** What a metrics.json says of how sure a model may be; nulls where it does not, or where there is no such file. */
export async function readConfidence(
  file: string,
): Promise<Pick<TrainedModel, 'temperature' | 'unfamiliarFrom'>> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return { temperature: null, unfamiliarFrom: null }
  const { calibration, familiarity } = parseJson(file, text, 'the metrics of a trained model', (json) =>
    metricsSchema.parse(json),
  )
  return { temperature: calibration?.temperature ?? null, unfamiliarFrom: familiarity?.threshold ?? null }
}

/**
 * Reads logits [n, classes] and labels [n].
 *
 * @throws AtelierError for a file that holds something else.
 */
export async function readHeldOutLogits(file: string, classes: number): Promise<HeldOutLogits | null> {
  if (!existsSync(file)) return null
  const { tensors } = await readSafetensors(file)
  const [logits, labels] = [tensors.get('logits')?.data, tensors.get('labels')?.data]
  if (!(logits instanceof Float32Array && labels instanceof Uint8Array)) {
    throw new AtelierError(mismatch(file, 'the tensors logits and labels', [...tensors.keys()].join(', ')))
  }
  if (logits.length !== labels.length * classes) {
    const expected = `${classes} logits for each of ${labels.length} labels`
    throw new AtelierError(mismatch(file, expected, `${logits.length} logits`))
  }
  return { logits, labels, count: labels.length }
}
