/** The reliability diagram: of images with such a confidence, how many are right. */
import { formatCount, formatPercent } from '../../core/format.js'
import { axisStyle, legendStyle, type Plot, percentLabel } from '../../page/plot.js'
import { plotColor } from '../../page/theme.js'
import type { Calibration, TemperatureScaling } from '../../runs/formats/metrics.js'
import { type Curve, lineSeries } from './curves.js'

export function reliabilityPlot(calibration: Calibration, scaled: TemperatureScaling | null): Plot {
  const curves: readonly Curve[] = [
    {
      name: 'perfect',
      color: 'muted',
      dash: 'dotted',
      symbol: 'none',
      points: [0, 1].map((end) => [end, end] as const),
    },
    { name: 'as trained', color: 'blue', dash: 'solid', points: pointsOf(calibration) },
    {
      name: 'with temperature',
      color: 'vermilion',
      dash: 'dashed',
      symbol: 'diamond',
      points: scaled === null ? [] : pointsOf(scaled),
    },
  ]
  const shown = curves.filter(({ points }) => points.length > 0)
  const share = (name: string) =>
    ({
      ...axisStyle,
      type: 'value',
      name,
      nameLocation: 'middle',
      min: 0,
      max: 1,
      interval: 0.25,
      axisLabel: { ...axisStyle.axisLabel, formatter: percentLabel },
    }) as const
  return {
    name: 'reliability',
    title: 'Reliability',
    alt: `Accuracy by confidence; expected calibration error ${formatPercent(calibration.ece)}`,
    width: 400,
    height: 330,
    option: {
      legend: { ...legendStyle, data: shown.map(({ name }) => name) },
      grid: { left: 66, right: 20, top: 34, bottom: 50 },
      xAxis: { ...share('confidence'), nameGap: 30 },
      yAxis: { ...share('accuracy'), nameGap: 48 },
      series: shown.map(lineSeries),
    },
  }
}

const pointsOf = ({ bins }: Calibration): Curve['points'] =>
  bins.flatMap(({ confidence, accuracy }) =>
    confidence === null || accuracy === null ? [] : [[confidence, accuracy] as const],
  )

/** How many images have such a confidence. */
export function confidencePlot({ bins }: Calibration): Plot {
  const n = bins.reduce((sum, bin) => sum + bin.n, 0)
  const sure = bins.at(-1)?.n ?? 0
  return {
    name: 'confidence',
    title: 'Confidence',
    alt: `Numbers of images by confidence; ${formatCount(sure)} of ${formatCount(n)} are in the highest bin`,
    width: 400,
    height: 330,
    option: {
      grid: { left: 66, right: 20, top: 34, bottom: 50 },
      xAxis: {
        ...axisStyle,
        type: 'category',
        name: 'confidence up to',
        nameLocation: 'middle',
        nameGap: 30,
        data: bins.map(({ to }) => `${Math.round(100 * to)} %`),
      },
      yAxis: { ...axisStyle, type: 'value', name: 'images', nameLocation: 'middle', nameGap: 48 },
      series: [
        {
          type: 'bar',
          silent: true,
          barCategoryGap: '12%',
          itemStyle: { color: plotColor('blue') },
          data: bins.map((bin) => bin.n),
        },
      ],
    },
  }
}
