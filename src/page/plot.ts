/** What a plot is, and what all plots have in common. Pure: the studio draws by the same. */
import type { EChartsOption } from 'echarts'
import { plotColor } from './theme.js'

export interface Plot {
  /** Of its file, and of its identifiers in a page. */
  readonly name: string
  readonly title: string
  /** What it shows, for those who do not see it. */
  readonly alt: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly option: EChartsOption
}

/** What the axes of all plots have in common. */
export const axisStyle = {
  axisLine: { lineStyle: { color: plotColor('muted') } },
  axisTick: { lineStyle: { color: plotColor('muted') } },
  axisLabel: { color: plotColor('muted'), fontSize: 12 },
  nameTextStyle: { color: plotColor('muted'), fontSize: 12 },
  splitLine: { lineStyle: { color: plotColor('line') } },
} as const

export const legendStyle = {
  top: 0,
  left: 0,
  itemWidth: 22,
  // Without a browser ECharts guesses how wide texts are.
  itemGap: 20,
  textStyle: { color: plotColor('ink'), fontSize: 12 },
} as const

export const percentLabel = (share: number): string => `${Number((100 * share).toFixed(2))} %`
