/** Several runs in one plot. */
import { formatPercent } from '../../core/format.js'
import { axisStyle, legendStyle, type Plot, percentLabel } from '../../page/plot.js'
import { plotColor } from '../../page/theme.js'
import { type Curve, decimalLabel, lineSeries } from './curves.js'
import { looks, type NamedHistory } from './overlay.js'

const dashes = ['solid', 'dashed', 'dotted'] as const

/** Loss and accuracy of training over the share of it that is done, since runs have epochs of different number. */
export function overlaidPlots(runs: readonly NamedHistory[]): readonly Plot[] {
  return [
    overlaid('loss', 'Training loss', runs, decimalLabel, (value) => value.toFixed(4)),
    overlaid('accuracy', 'Training accuracy', runs, percentLabel, formatPercent),
  ]
}

function overlaid(
  key: 'loss' | 'accuracy',
  title: string,
  runs: readonly NamedHistory[],
  label: (value: number) => string,
  spoken: (value: number) => string,
): Plot {
  const curves = runs.map(({ name, history }, i): Curve => {
    const look = looks[i % looks.length] as (typeof looks)[number]
    return {
      name,
      dash: dashes[i % dashes.length] as Curve['dash'],
      ...look,
      points: history.map((row) => [row.epoch / (history.at(-1)?.epoch ?? 1), row[key]] as const),
    }
  })
  const ends = curves.map(({ name, points }) => `${name} ${spoken(points.at(-1)?.[1] ?? Number.NaN)}`)
  return {
    name: `runs-${key}`,
    title,
    alt: `${title} over the share of each training; at the end ${ends.join(', ')}`,
    width: 400,
    height: 290,
    option: {
      legend: { ...legendStyle, itemGap: 14, data: curves.map(({ name }) => name) },
      grid: { left: 56, right: 20, top: 38, bottom: 46 },
      xAxis: {
        ...axisStyle,
        type: 'value',
        name: 'share of the training',
        nameLocation: 'middle',
        nameGap: 28,
        min: 0,
        max: 1,
        interval: 0.25,
        splitLine: { show: false },
        axisLabel: { ...axisStyle.axisLabel, formatter: percentLabel },
      },
      yAxis: {
        ...axisStyle,
        type: 'value',
        scale: true,
        axisLabel: { ...axisStyle.axisLabel, formatter: label },
      },
      series: curves.map(lineSeries),
    },
  }
}

export interface ComparedAccuracy {
  readonly name: string
  readonly ours: number
  readonly published: number
}

/** Test accuracies, ours beside the published ones. The axis need not begin at 0: differences are small. */
export function publishedPlot(models: readonly ComparedAccuracy[]): Plot {
  const series = [
    { name: 'here', key: 'ours', color: 'blue', symbol: 'circle' },
    { name: 'published', key: 'published', color: 'vermilion', symbol: 'diamond' },
  ] as const
  const pairs = models.map(
    ({ name, ours, published }) => `${name} ${formatPercent(ours)}, published ${formatPercent(published)}`,
  )
  return {
    name: 'published',
    title: 'Test accuracy',
    alt: `Test accuracies: ${pairs.join('; ')}`,
    width: 400,
    height: 290,
    option: {
      legend: { ...legendStyle, itemWidth: 14, data: series.map(({ name }) => name) },
      grid: { left: 56, right: 20, top: 38, bottom: 46 },
      xAxis: {
        ...axisStyle,
        type: 'category',
        data: models.map(({ name }) => name),
        axisLabel: { color: plotColor('ink'), fontSize: 12, interval: 0 },
      },
      yAxis: {
        ...axisStyle,
        type: 'value',
        scale: true,
        axisLabel: { ...axisStyle.axisLabel, formatter: percentLabel },
      },
      series: series.map(({ name, key, color, symbol }) => ({
        name,
        type: 'scatter',
        silent: true,
        symbol,
        symbolSize: 12,
        itemStyle: { color: plotColor(color) },
        data: models.map((model) => model[key]),
      })),
    },
  }
}
