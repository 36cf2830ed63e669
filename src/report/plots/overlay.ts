/** Learning curves of several runs in the same plots. */
import { formatEpochs } from '../../core/format.js'
import { type Plot, percentLabel } from '../../page/plot.js'
import type { ColorName } from '../../page/theme.js'
import type { EpochRow } from '../../runs/formats/history.js'
import { type Curve, curvesOf, decimalLabel, overEpochs } from './curves.js'

export interface NamedHistory {
  readonly name: string
  readonly history: readonly EpochRow[]
}

/** A colour and a mark each. */
export const looks = [
  { color: 'blue', symbol: 'circle' },
  { color: 'vermilion', symbol: 'diamond' },
  { color: 'green', symbol: 'rect' },
  { color: 'purple', symbol: 'triangle' },
  { color: 'ink', symbol: 'circle' },
] as const satisfies readonly { color: ColorName; symbol: Curve['symbol'] }[]

/** So many runs can be told apart. */
export const MOST_OVERLAID = looks.length

/** Loss and accuracy of all runs over the epochs; dashed on the images that a run held out. */
export function overlayPlots(runs: readonly NamedHistory[]): readonly Plot[] {
  return [
    overlay(runs, 'Loss', ['loss', 'val_loss'], decimalLabel),
    overlay(runs, 'Accuracy', ['accuracy', 'val_accuracy'], percentLabel),
  ]
}

/** A whole one: the axis ends at a mark. */
const lastEpochOf = (runs: readonly NamedHistory[]): number =>
  Math.ceil(Math.max(1, ...runs.map(({ history }) => history.at(-1)?.epoch ?? 0)))

function overlay(
  runs: readonly NamedHistory[],
  title: 'Loss' | 'Accuracy',
  [train, heldOut]: readonly ['loss', 'val_loss'] | readonly ['accuracy', 'val_accuracy'],
  label: (value: number) => string,
): Plot {
  const curves = runs.flatMap(({ name, history }, index) =>
    // Both curves of a run have its name: one entry of the legend.
    curvesOf(history, train, heldOut).map((curve) => ({ ...curve, ...looks[index % looks.length], name })),
  )
  const option = overEpochs(curves, lastEpochOf(runs), label)
  const dashed = curves.some(({ dash }) => dash === 'dashed') ? ' (dashed: on the held-out images)' : ''
  const ends = runs.map(({ name, history }) => {
    const last = history.at(-1)
    return last === undefined
      ? `${name} none`
      : `${name} ${label(last[train])} after ${formatEpochs(last.epoch)}`
  })
  return {
    name: title.toLowerCase(),
    title,
    alt: `${title} of training by epoch: ${ends.join(', ')}`,
    width: 640,
    height: 400,
    option: {
      ...option,
      legend: { ...option.legend, data: runs.map(({ name }) => name) },
      xAxis: { ...option.xAxis, name: `epoch${dashed}` },
    },
  }
}
