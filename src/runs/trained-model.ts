import { existsSync } from 'node:fs'
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import { checksumOf } from '../core/files.js'
import { Memo } from '../core/memo.js'
import { atelierCommand } from '../core/shell.js'
import type { Values } from '../engine/engine.js'
import { classCountOf } from '../graph/graph.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import { pixelScaling } from '../recipes/recipe.js'
import type { LabelledLogits } from './formats/logits.js'
import { readLogits } from './logits-file.js'
import { type Confidence, readConfidence } from './read-metrics.js'
import { isFinished, pathIn, predictionsIn, type RunFolder, runFiles } from './run-folder.js'
import { readWeights } from './weights.js'
import type { WhichWeights } from './which-weights.js'

/** The folder's path, the record of the training and the graph are those of any run. */
export interface TrainedModel extends RunFolder, Confidence {
  /** The model's name: one of the four, or that of a user's own. */
  readonly name: string
  /** A finished run, or weights as released, whose folder nothing may be written into. */
  readonly kind: 'run' | 'pretrained'
  /** The classes' names, by logit. */
  readonly classes: readonly string[]
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  readonly scaling: PixelScaling
  /** Which of a run's; those of a release are final. */
  readonly which: WhichWeights
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
 * A run's weights: those that its training ended with or, of a run that may still be under way, those of its best epoch.
 *
 * @throws AtelierError for a run that is not finished, UsageError for one that has kept no best epoch.
 */
export function trainedRun(run: RunFolder, which: WhichWeights = 'final'): Promise<TrainedModel> {
  return which === 'best' ? bestOf(run) : finalOf(run)
}

async function finalOf(run: RunFolder): Promise<TrainedModel> {
  if (!isFinished(run)) {
    const hint = `Finish it with: ${atelierCommand('train', '--resume', run.directory)}`
    throw new AtelierError(mismatch(run.directory, 'a finished run', 'one that was stopped', hint))
  }
  const kept = new Memo<LabelledLogits | null>(1)
  const heldOutLogits = () => kept.get('held out', '', () => heldOutOf(run))
  return { ...modelOf(run, 'final', 'model'), ...(await readConfidence(run)), heldOutLogits }
}

/** Null too where the logits are those of other weights than the folder has now. */
async function heldOutOf(run: RunFolder): Promise<LabelledLogits | null> {
  const stored = await readLogits(predictionsIn(run, 'validation'), classCountOf(run.graph))
  const { model } = stored?.metadata ?? {}
  return model === undefined || model === (await checksumOf(pathIn(run, 'model'))) ? stored : null
}

/** The temperature and the logits that a run keeps are of its final weights. */
async function bestOf(run: RunFolder): Promise<TrainedModel> {
  if (!existsSync(pathIn(run, 'best'))) {
    const expected = `a run with ${runFiles.best}, which is kept where images are held out`
    throw new UsageError(mismatch('--weights best', expected, `${run.directory}, which has none`))
  }
  const unknown = { calibration: null, temperature: null, unfamiliarFrom: null }
  return { ...modelOf(run, 'best', 'best'), ...unknown, heldOutLogits: async () => null }
}

function modelOf(
  run: RunFolder,
  which: WhichWeights,
  file: 'model' | 'best',
): Omit<TrainedModel, keyof Confidence | 'heldOutLogits'> {
  const { directory, record, graph } = run
  const weightsFile = pathIn(run, file)
  return {
    directory,
    record,
    graph,
    name: record.model,
    kind: 'run',
    classes: record.data.classes,
    scaling: pixelScaling(record.recipe),
    which,
    weightsFile,
    readWeights: () => readWeights(weightsFile, graph),
  }
}
