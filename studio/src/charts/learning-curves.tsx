import { useMemo } from 'react'
import { curvePlots } from '../../../src/report/plots/curves.js'
import type { Epoch } from '../../../src/server/schemas/common.js'
import { useTexts } from '../settings.js'
import { Chart } from './chart.js'

/** Loss and accuracy by epoch, as in the reports. */
export function LearningCurves({ history }: { readonly history: readonly Epoch[] }) {
  const texts = useTexts().models
  const plots = useMemo(() => curvePlots(history), [history])
  if (plots.length === 0) return <p className="state">{texts.noHistory}</p>
  return (
    <div className="columns">
      {plots.map(({ name, title, alt, option, height }) => (
        <Chart
          key={name}
          title={(texts.plotWords as Readonly<Record<string, string>>)[title] ?? title}
          alt={alt}
          option={option}
          height={height}
        />
      ))}
    </div>
  )
}
