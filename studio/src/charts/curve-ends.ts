/** How learning curves end, for charts in words. Pure. */
import type { EpochRow } from '../../../src/runs/formats/history.js'
import type { Format } from '../text/format.js'

interface End {
  readonly training: string
  /** Null where no images were held out. */
  readonly heldOut: string | null
}

/** The last epoch's values in the plot of this name, `loss` or `accuracy`. */
export function endOf(last: EpochRow, plot: string, format: Format): End {
  const [training, heldOut] =
    plot === 'loss' ? [last.loss, last.val_loss] : [last.accuracy, last.val_accuracy]
  const words = (value: number): string => (plot === 'loss' ? format.decimal(value) : format.percent(value))
  return { training: words(training), heldOut: heldOut === null ? null : words(heldOut) }
}
