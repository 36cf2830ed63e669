import { useMemo } from 'react'
import { curvePlots } from '../../../src/report/plots/curves.js'
import type { EpochRow } from '../../../src/runs/formats/history.js'
import { useFormat, useTexts } from '../settings.js'
import { Chart } from './chart.js'
import { endOf } from './curve-ends.js'

/** Loss and accuracy by epoch, as in the reports. */
export function LearningCurves({ history }: { readonly history: readonly EpochRow[] }) {
  const texts = useTexts().models
  const format = useFormat()
  const plots = useMemo(() => curvePlots(history), [history])
  const last = history.at(-1)
  if (last === undefined) return <p className="state">{texts.noHistory}</p>
  const words: Readonly<Record<string, string>> = texts.plotWords
  return (
    <div className="columns">
      {plots.map(({ name, title: english, option, height }) => {
        const title = words[english] ?? english
        const { training, heldOut } = endOf(last, name, format)
        return (
          <Chart
            key={name}
            title={title}
            alt={texts.curvesAlt(title, format.epochs(last.epoch), training, heldOut)}
            option={option}
            height={height}
          />
        )
      })}
    </div>
  )
}
