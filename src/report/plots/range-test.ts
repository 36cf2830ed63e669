/** The curve of a learning-rate range test. */

import { axisStyle, legendStyle, type Plot } from '../../page/plot.js'
import type { RangeTest } from '../../train/range-test.js'
import { type Curve, lineSeries } from './curves.js'

/** The loss and its moving average over the rate, with the two places on it and the suggestion between them. */
export function rangeTestPlot({ points, suggestion }: RangeTest): Plot {
  const { steepest, minimumTenth, learningRate } = suggestion
  // The explosion at the end would flatten all that matters.
  const highest = 1.2 * (points[0]?.smoothed ?? 1)
  const line = (of: 'loss' | 'smoothed'): Curve['points'] =>
    points.map((point) => [point.learningRate, Math.min(point[of], highest)])
  const upright = (rate: number): Curve['points'] => [
    [rate, 0],
    [rate, highest],
  ]
  const curves: readonly Omit<Curve, 'symbol'>[] = [
    { name: 'loss', color: 'orange', dash: 'dotted', points: line('loss') },
    { name: 'average', color: 'blue', dash: 'solid', points: line('smoothed') },
    { name: `steepest: ${short(steepest)}`, color: 'green', dash: 'dashed', points: upright(steepest) },
    {
      name: `lowest / 10: ${short(minimumTenth)}`,
      color: 'purple',
      dash: 'dashed',
      points: upright(minimumTenth),
    },
    { name: `try: ${short(learningRate)}`, color: 'vermilion', dash: 'solid', points: upright(learningRate) },
  ]
  const xAxis = {
    ...axisStyle,
    type: 'log',
    name: 'learning rate',
    nameLocation: 'middle',
    nameGap: 30,
    axisLabel: { ...axisStyle.axisLabel, formatter: (rate: number) => rate.toExponential(0) },
  } as const
  return {
    name: 'lr-find',
    title: 'Loss over the learning rate',
    alt: `Loss over the learning rate: it falls fastest at ${short(steepest)}, is lowest at ${short(10 * minimumTenth)}`,
    width: 720,
    height: 400,
    option: {
      legend: legendStyle,
      grid: { left: 52, right: 24, top: 56, bottom: 48 },
      xAxis,
      yAxis: { ...axisStyle, type: 'value', name: 'loss' },
      series: curves.map((curve) => lineSeries({ ...curve, symbol: 'none' })),
    },
  }
}

const short = (rate: number): string => rate.toExponential(1)
