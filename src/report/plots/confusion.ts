/** The confusion matrix as a heat map, for a file of its own: pages have it as a table. */
import { formatPercent } from '../../core/format.js'
import { axisStyle, type Plot } from '../../page/plot.js'
import { heat, heatStep, heatTurn, plotColor } from '../../page/theme.js'
import type { Evaluation } from '../../runs/formats/metrics.js'

export function confusionPlot({ perClass, confusion, accuracy }: Evaluation): Plot {
  const names = perClass.map(({ name }) => name)
  const side = Math.max(320, 44 * names.length)
  const cells = confusion.flatMap((row, label) =>
    row.map((count, predicted) => cell(count, label, predicted, perClass[label]?.n ?? 0)),
  )
  const classes = (name: string, extra: object) =>
    ({
      ...axisStyle,
      type: 'category',
      data: names,
      name,
      nameLocation: 'middle',
      splitLine: { show: false },
      axisTick: { show: false },
      ...extra,
    }) as const
  const label = {
    color: plotColor('ink'),
    fontSize: 12,
    interval: 0,
    width: 90,
    overflow: 'truncate',
  } as const
  return {
    name: 'confusion',
    title: 'Confusion matrix',
    alt: `Confusion matrix of ${names.length} classes; on its diagonal are ${formatPercent(accuracy)} of the images`,
    width: side + 140,
    height: side + 120,
    option: {
      grid: { left: 124, right: 16, top: 16, bottom: 104 },
      xAxis: classes('classified as', { axisLabel: { ...label, rotate: 45 }, nameGap: 82 }),
      yAxis: classes('true class', { axisLabel: label, nameGap: 104, inverse: true }),
      visualMap: {
        show: false,
        min: 0,
        max: heat.length - 1,
        inRange: { color: heat.map(({ light }) => light) },
      },
      series: [
        {
          type: 'heatmap',
          silent: true,
          data: cells,
          label: {
            show: true,
            fontSize: 12,
            formatter: ({ data }) => String((data as { count: number }).count),
          },
          itemStyle: { borderColor: plotColor('surface'), borderWidth: 1 },
        },
      ],
    },
  }
}

function cell(count: number, label: number, predicted: number, n: number) {
  const step = n === 0 ? 0 : heatStep(count / n)
  const color = step >= heatTurn ? plotColor('surface') : plotColor('ink')
  // Zeros would hide where the errors are.
  return { value: [predicted, label, step], count, label: { color, show: count > 0 } }
}
