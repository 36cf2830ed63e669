/**
 * The parts of ECharts that reports and pages draw with. The build bundles them into this very file in dist/, which loads
 * at once and needs no package: scripts/lib/typescript.mjs.
 */
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent, VisualMapComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([
  ...[BarChart, HeatmapChart, LineChart, ScatterChart],
  ...[GridComponent, LegendComponent, TitleComponent, VisualMapComponent],
  SVGRenderer,
])

export { init }
