/** Trains a run while a person watches: a bar on a terminal, a line an epoch in a pipe; Ctrl-C saves. */

import { formatCount, formatDuration, formatEpochs, formatPercent, spokenEpochs } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { batchOf } from '../recipes/recipe.js'
import type { EpochRow } from '../runs/formats/history.js'
import { lengthOf } from '../runs/formats/length.js'
import type { RunRecord } from '../runs/formats/record.js'
import type { RunFolder } from '../runs/run-folder.js'
import { bestEpochOf } from '../train/early-stopping.js'
import { Interrupted, type TrainingResult } from '../train/loop.js'
import { trainRun } from '../train/train-run.js'
import { onParentGone, onStopAsked, tellParent } from '../train/watch.js'
import { createProgress } from './progress.js'
import { onStopSignal } from './stop-signal.js'

const note = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** `2.4 epochs, batch 128, adam at 0.002 (oneCycle), augmented`: a recipe in a line. */
function describeRecipe({ recipe, trainImages }: RunRecord, epochs: number): string {
  const { optimizer, schedule, augmentation } = recipe
  const decay = optimizer.weightDecay > 0 ? `, weight decay ${optimizer.weightDecay}` : ''
  const rate = `${optimizer.kind} at ${schedule.learningRate} (${schedule.kind})`
  return `${spokenEpochs(epochs)}, batch ${batchOf(recipe, trainImages)}, ${rate}${decay}${augmentation ? ', augmented' : ''}`
}

function describeEpoch(row: EpochRow, epochs: number): string {
  const validation =
    row.val_accuracy === null || row.val_loss === null
      ? ''
      : `  val loss ${row.val_loss.toFixed(4)}  val accuracy ${formatPercent(row.val_accuracy)}`
  const number = String(Math.ceil(row.epoch)).padStart(String(epochs).length)
  return (
    `Epoch ${number}/${epochs}  loss ${row.loss.toFixed(4)}  accuracy ${formatPercent(row.accuracy)}${validation}` +
    `  ${formatCount(row.images_per_second)} images/s  ${formatDuration(row.seconds)}`
  )
}

/** What is about to be trained, and by what. */
export function introduce(record: RunRecord, engine: Engine): void {
  const { limitBatches, overfitBatches, maxSteps } = record
  const { epochs } = lengthOf(record)
  note(
    `Training ${record.model} by recipe ${record.recipeName} (${describeRecipe(record, epochs)}), seed ${record.seed}, ` +
      `${formatCount(record.trainImages)} images, ${record.precision}`,
  )
  note(`Engine: ${engine.description}`)
  if (record.settings.length > 0) note(`Changed: ${record.settings.join(', ')}`)
  if (limitBatches !== null) note(`Only ${formatCount(limitBatches)} steps an epoch (--limit-batches)`)
  if (maxSteps !== null) note(`${formatCount(maxSteps)} steps in all (--max-steps)`)
  if (overfitBatches !== null)
    note(`The same ${formatCount(overfitBatches)} batches in every epoch (--overfit-batches)`)
}

/** Runs a training from its last checkpoint to its end. */
export async function trainVisibly(
  run: RunFolder,
  dataset: Dataset,
  engine: Engine,
  options: { readonly tensorboard?: boolean } = {},
): Promise<TrainingResult> {
  const { record, directory } = run
  const epochs = Math.ceil(lengthOf(record).epochs)
  introduce(record, engine)
  note(`Run folder: ${directory}`)
  const interruption = catchInterrupts()
  let bar = createProgress({ total: 1, label: '' })
  let epoch = 0
  try {
    const result = await trainRun({
      run,
      dataset,
      engine,
      ...options,
      signal: interruption.signal,
      onProgress: (progress) => {
        tellParent({ kind: 'progress', progress })
        if (progress.epoch !== epoch) {
          epoch = progress.epoch
          bar = createProgress({ total: progress.steps, label: `Epoch ${epoch}/${epochs}` })
        }
        bar.update(progress.step, {
          loss: progress.loss.toFixed(4),
          accuracy: formatPercent(progress.accuracy),
          speed: `${formatCount(Math.round(progress.imagesPerSecond))} images/s`,
          left: formatDuration(progress.secondsLeft),
        })
      },
      onEpoch: (row) => {
        tellParent({ kind: 'epoch', epoch: row })
        bar.finish(describeEpoch(row, epochs))
      },
    })
    noteStopping(result.history, record)
    return result
  } catch (error) {
    if (error instanceof Interrupted) tellParent({ kind: 'stopped' })
    throw error
  } finally {
    interruption.release()
  }
}

/** How a training that watches its held-out images has ended. */
function noteStopping(history: readonly EpochRow[], record: RunRecord): void {
  const { recipe } = record
  const best = bestEpochOf(history, recipe)
  if (recipe.earlyStopping === null || best === null) return
  const epoch = formatEpochs((history[best] as EpochRow).epoch)
  if (history.length < lengthOf(record).epochs) note(`Stopped early: none was better than epoch ${epoch}`)
  if (recipe.earlyStopping.restoreBest) note(`The trained weights are those of epoch ${epoch}`)
}

/** A stop that was asked for: by Ctrl-C, or by the end of the server that started the training. */
export function catchInterrupts(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const release = onStopSignal(() => controller.abort())
  onStopAsked(() => controller.abort())
  onParentGone(() => controller.abort())
  return { signal: controller.signal, release }
}
