import { useMemo } from 'react'
import { percentLabel } from '../../../../src/page/plot.js'
import { type Curve, curvesOf, decimalLabel, overEpochs } from '../../../../src/report/plots/curves.js'
import type { EpochRow } from '../../../../src/runs/formats/history.js'
import type { LivePoint } from '../../api/use-trainings.js'
import { Chart } from '../../charts/chart.js'
import { useFormat, useTexts } from '../../settings.js'

interface Props {
  readonly epochs: number
  readonly history: readonly EpochRow[]
  readonly live: readonly LivePoint[]
}

/** Loss and accuracy of whole epochs, and within them of what was seen since the page was opened. */
export function LiveCurves({ epochs, history, live }: Props) {
  const { train: texts, models } = useTexts()
  const format = useFormat()
  const [loss, accuracy] = useMemo(() => {
    const within = (key: 'loss' | 'accuracy'): readonly Curve[] => {
      const points = live.map((point) => [point.epoch, point[key]] as const)
      const style = { color: 'green', dash: 'dotted', symbol: 'none' } as const
      return points.length === 0 ? [] : [{ name: texts.within, ...style, points }]
    }
    const option = (key: 'loss' | 'accuracy', label: (value: number) => string) =>
      overEpochs([...curvesOf(history, key, `val_${key}`), ...within(key)], epochs, label)
    return [option('loss', decimalLabel), option('accuracy', percentLabel)]
  }, [history, live, epochs, texts])
  const last = history.at(-1)
  const alt = last
    ? texts.curvesAlt(last.epoch, format.decimal(last.loss), format.percent(last.accuracy))
    : texts.noEpochs
  return (
    <div className="columns">
      <Chart title={models.plotWords.Loss} alt={alt} option={loss} height={280} />
      <Chart title={models.plotWords.Accuracy} alt={alt} option={accuracy} height={280} />
    </div>
  )
}
