/** Bars of precision, recall and F1 for each class. */

import { axisStyle, legendStyle, type Plot, percentLabel } from '../../page/plot.js'
import { plotColor } from '../../page/theme.js'
import type { ClassMetrics } from '../../runs/formats/metrics.js'

const scores = [
  { key: 'precision', name: 'precision', color: 'blue' },
  { key: 'recall', name: 'recall', color: 'vermilion' },
  { key: 'f1', name: 'F1', color: 'green' },
] as const

export function classPlot(perClass: readonly ClassMetrics[]): Plot {
  const worst = perClass.reduce((low, metrics) => (metrics.f1 < low.f1 ? metrics : low))
  return {
    name: 'classes',
    title: 'Precision, recall and F1 by class',
    alt: `Bars of precision, recall and F1 by class; the lowest F1 is ${percentLabel(worst.f1)}, of ${worst.name}`,
    width: 400,
    height: 70 + 36 * perClass.length,
    option: {
      legend: { ...legendStyle, itemWidth: 14, data: scores.map(({ name }) => name) },
      grid: { left: 96, right: 20, top: 30, bottom: 28 },
      xAxis: {
        ...axisStyle,
        type: 'value',
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: { ...axisStyle.axisLabel, formatter: percentLabel },
      },
      yAxis: {
        ...axisStyle,
        type: 'category',
        inverse: true,
        data: perClass.map(({ name }) => name),
        axisLabel: { color: plotColor('ink'), fontSize: 12, width: 86, overflow: 'truncate', interval: 0 },
      },
      series: scores.map(({ key, name, color }) => ({
        name,
        type: 'bar',
        silent: true,
        barGap: '0%',
        barCategoryGap: '28%',
        itemStyle: { color: plotColor(color) },
        data: perClass.map((metrics) => metrics[key]),
      })),
    },
  }
}
