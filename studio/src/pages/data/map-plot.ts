/** The chart of the images' map. */
import type { EChartsOption } from 'echarts'
import { axisStyle, legendStyle } from '../../../../src/page/plot.js'
import { type ColorName, plotColor } from '../../../../src/page/theme.js'
import type { ImageMap } from '../../../../src/server/schemas/models.js'

const colors = ['blue', 'vermilion', 'green', 'orange', 'purple'] as const satisfies readonly ColorName[]
const symbols = ['circle', 'diamond', 'triangle', 'rect'] as const

type Point = ImageMap['points'][number]

/** The points of each class, in the order that the chart has them. */
export const pointsByClass = ({ points }: ImageMap, classes: number): readonly (readonly Point[])[] =>
  Array.from({ length: classes }, (_, label) => points.filter((point) => point.label === label))

/** One series a class, told apart by colour and shape; it can be zoomed by wheel and by fingers, and moved. */
export function mapOption(
  groups: readonly (readonly Point[])[],
  nameOf: (label: number) => string,
  tooltip: (point: Point) => string,
  axesShown: boolean,
): EChartsOption {
  const axis = {
    ...axisStyle,
    type: 'value',
    scale: true,
    axisLine: { ...axisStyle.axisLine, show: axesShown },
    axisLabel: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
  } as const
  return {
    legend: { ...legendStyle, itemWidth: 12, itemGap: 14 },
    grid: { left: 12, right: 12, top: 76, bottom: 12 },
    xAxis: axis,
    yAxis: axis,
    dataZoom: [
      { type: 'inside', xAxisIndex: 0, filterMode: 'none' },
      { type: 'inside', yAxisIndex: 0, filterMode: 'none' },
    ],
    tooltip: {
      trigger: 'item',
      backgroundColor: plotColor('surface'),
      borderColor: plotColor('line'),
      textStyle: { color: plotColor('ink'), fontSize: 13 },
      formatter: (params) => {
        const { seriesIndex = 0, dataIndex } = params as { seriesIndex?: number; dataIndex: number }
        const point = groups[seriesIndex]?.[dataIndex]
        return point === undefined ? '' : tooltip(point)
      },
    },
    series: groups.map((group, label) => ({
      name: nameOf(label),
      type: 'scatter',
      symbol: symbols[Math.floor(label / colors.length) % symbols.length] as string,
      symbolSize: 7,
      itemStyle: { color: plotColor(colors[label % colors.length] as ColorName), opacity: 0.75 },
      data: group.map(({ x, y }) => [x, y]),
    })),
  }
}
