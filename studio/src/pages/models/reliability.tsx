import { useMemo } from 'react'
import { confidencePlot, reliabilityPlot } from '../../../../src/report/plots/reliability.js'
import type { Evaluation, ModelDetail } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Chart } from '../../charts/chart.js'
import { Facts } from '../../components/facts.js'
import { Awaited } from '../../components/states.js'
import { useFormat, useTexts } from '../../settings.js'

/** Whether a confidence of 90 % is right nine times of ten. */
export function Reliability({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const evaluation = useApi<Evaluation>(`/api/models/${encodeURIComponent(model.id)}/evaluation`)
  return (
    <section className="section" aria-labelledby="reliability">
      <header>
        <h2 id="reliability">{texts.tabs.reliability}</h2>
        <p className="muted">{texts.reliabilityLead}</p>
      </header>
      <Awaited of={evaluation}>{(value) => <Plots evaluation={value} />}</Awaited>
    </section>
  )
}

function Plots({ evaluation }: { readonly evaluation: Evaluation }) {
  const texts = useTexts().models
  const format = useFormat()
  const { calibration, temperatureScaling } = evaluation
  const facts = [
    { name: texts.ece, value: format.percent(calibration.ece) },
    ...(temperatureScaling === null
      ? []
      : [
          {
            name: texts.eceScaled,
            value: format.percent(temperatureScaling.ece),
            note: texts.temperature(format.decimal(temperatureScaling.temperature, 3)),
          },
        ]),
  ]
  return (
    <>
      <Facts facts={facts} />
      <Charts evaluation={evaluation} />
    </>
  )
}

function Charts({ evaluation: { calibration, temperatureScaling } }: { readonly evaluation: Evaluation }) {
  const texts = useTexts().models
  const format = useFormat()
  const [reliability, confidence] = useMemo(
    () => [reliabilityPlot(calibration, temperatureScaling), confidencePlot(calibration)],
    [calibration, temperatureScaling],
  )
  const { bins, ece } = calibration
  const all = bins.reduce((sum, { n }) => sum + n, 0)
  return (
    <div className="columns">
      <Chart
        title={texts.tabs.reliability}
        alt={texts.reliabilityAlt(format.percent(ece))}
        option={reliability.option}
        height={330}
      />
      <Chart
        title={texts.confidence}
        alt={texts.confidenceAlt(format.count(bins.at(-1)?.n ?? 0), format.count(all))}
        option={confidence.option}
        height={330}
      />
    </div>
  )
}
