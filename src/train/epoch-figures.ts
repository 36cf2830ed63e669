/** The figures of an epoch: sums that grow with every chunk, and what is told of them at its end. */
import type { EpochRow } from '../runs/formats/history.js'
import type { Position } from '../runs/formats/position.js'
import type { TrainedChunk } from './training-steps.js'

/** The position after a chunk. */
export function advance(
  position: Position,
  { firstStep, steps, losses, correct, images, seconds }: TrainedChunk,
): Position {
  return {
    ...position,
    step: firstStep + steps,
    // In the order of the steps: rounding tells nothing of the chunks, which the clock has cut.
    loss: losses.reduce((sum, loss) => sum + loss, position.loss),
    correct: position.correct + correct,
    images: position.images + images,
    epochSeconds: position.epochSeconds + seconds,
    totalSeconds: position.totalSeconds + seconds,
  }
}

/** The line of an epoch that ends here; `validated` are the figures of the images held out, where there are any. */
export function rowOf(
  { loss, correct, images, epochSeconds }: Position,
  validated: { readonly loss: number; readonly accuracy: number } | undefined,
  { epoch, learningRate }: { readonly epoch: number; readonly learningRate: number },
): EpochRow {
  return {
    epoch,
    loss: loss / images,
    accuracy: correct / images,
    val_loss: validated?.loss ?? null,
    val_accuracy: validated?.accuracy ?? null,
    learning_rate: learningRate,
    images_per_second: Math.round(images / epochSeconds),
    seconds: Number(epochSeconds.toFixed(3)),
  }
}
