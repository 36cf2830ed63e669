/** Learning curves: how loss, accuracy and learning rate went from epoch to epoch. */
import type { LineSeriesOption } from 'echarts'
import { formatPercent, spokenEpochs } from '../../core/format.js'
import { axisStyle, legendStyle, type Plot, percentLabel } from '../../page/plot.js'
import { type ColorName, plotColor } from '../../page/theme.js'
import type { EpochRow } from '../../runs/formats/history.js'

const size = { width: 400, height: 270 } as const

export interface Curve {
  readonly name: string
  readonly color: ColorName
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Tells curves apart without their colours. */
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly symbol?: 'circle' | 'diamond' | 'rect' | 'triangle' | 'none'
}

/** Above so many points marks would run into one another. */
const MOST_MARKS = 25

export function lineSeries({ name, color, points, dash, symbol = 'circle' }: Curve): LineSeriesOption {
  return {
    name,
    type: 'line',
    silent: true,
    data: points.map(([x, y]) => [x, y]),
    symbol,
    symbolSize: 6,
    showSymbol: points.length <= MOST_MARKS,
    itemStyle: { color: plotColor(color), borderColor: plotColor(color) },
    lineStyle: { color: plotColor(color), width: 2, type: dash },
  }
}

/** Loss, and accuracy, of training and of the images held out. */
export function curvePlots(history: readonly EpochRow[]): readonly Plot[] {
  const last = history.at(-1)
  if (last === undefined) return []
  const epochs = last.epoch
  const ending = (train: string, heldOut: string | null): string =>
    `after ${spokenEpochs(epochs)}: training ${train}` +
    (heldOut === null ? '' : `, held-out images ${heldOut}`)
  const held = (key: 'val_loss' | 'val_accuracy', format: (value: number) => string): string | null => {
    const value = last[key]
    return value === null ? null : format(value)
  }
  const loss = ending(
    last.loss.toFixed(4),
    held('val_loss', (value) => value.toFixed(4)),
  )
  const accuracy = ending(formatPercent(last.accuracy), held('val_accuracy', formatPercent))
  return [
    {
      ...size,
      name: 'loss',
      title: 'Loss',
      alt: `Loss by epoch; ${loss}`,
      option: overEpochs(curvesOf(history, 'loss', 'val_loss'), epochs, decimalLabel),
    },
    {
      ...size,
      name: 'accuracy',
      title: 'Accuracy',
      alt: `Accuracy by epoch; ${accuracy}`,
      option: overEpochs(curvesOf(history, 'accuracy', 'val_accuracy'), epochs, percentLabel),
    },
  ]
}

/** The learning rate of steps over the epochs. */
export function ratePlot(points: Curve['points'], epochs: number): Plot {
  const highest = points.reduce((most, [, rate]) => Math.max(most, rate), 0)
  const curve = { name: 'learning rate', color: 'green', dash: 'solid', symbol: 'none', points } as const
  return {
    ...size,
    name: 'learning-rate',
    title: 'Learning rate',
    alt: `Learning rate over ${spokenEpochs(epochs)}, at most ${highest}, at the end ${points.at(-1)?.[1] ?? 0}`,
    option: overEpochs([curve], epochs, rateLabel, 0),
  }
}

export function curvesOf(
  history: readonly EpochRow[],
  train: 'loss' | 'accuracy',
  heldOut: 'val_loss' | 'val_accuracy',
): readonly Curve[] {
  const points = (key: typeof train | typeof heldOut): Curve['points'] =>
    history.flatMap((row) => (row[key] === null ? [] : [[row.epoch, row[key]] as const]))
  const curves: readonly Curve[] = [
    { name: 'training', color: 'blue', dash: 'solid', points: points(train) },
    { name: 'held out', color: 'vermilion', dash: 'dashed', symbol: 'diamond', points: points(heldOut) },
  ]
  return curves.filter((curve) => curve.points.length > 0)
}

export function overEpochs(
  curves: readonly Curve[],
  epochs: number,
  label: (value: number) => string,
  min?: number,
): Plot['option'] {
  return {
    legend: { ...legendStyle, data: curves.map(({ name }) => name) },
    grid: { left: 56, right: 16, top: 34, bottom: 46 },
    xAxis: {
      ...axisStyle,
      type: 'value',
      name: 'epoch',
      nameLocation: 'middle',
      nameGap: 28,
      min: 0,
      max: epochs,
      minInterval: 1,
      splitLine: { show: false },
    },
    yAxis: {
      ...axisStyle,
      type: 'value',
      scale: true,
      axisLabel: { ...axisStyle.axisLabel, formatter: label },
      ...(min === undefined ? {} : { min }),
    },
    series: curves.map(lineSeries),
  }
}

export const decimalLabel = (value: number): string => String(Number(value.toPrecision(4)))

/** `5e-4`: rates are small, and decimals would not fit beside the axis. */
export const rateLabel = (rate: number): string =>
  rate === 0 ? '0' : Number(rate.toPrecision(3)).toExponential()
