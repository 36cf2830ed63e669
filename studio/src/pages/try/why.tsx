/** A heat map of what speaks for a class. */
import { useLoad } from '../../api/use-load.js'
import { ChooseOne, Select } from '../../components/choices.js'
import { Awaited } from '../../components/states.js'
import { type Explained, explain } from '../../inference/explain.js'
import { paintGray, paintHeat } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import type { Specimen } from '../../picture/specimen.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { methods, type TryState } from './try-state.js'

interface Props {
  readonly state: TryState
  readonly specimen: Specimen
}

export function Why({ state, specimen }: Props) {
  const texts = useTexts().try
  const { why } = state
  return (
    <section className="section" aria-labelledby="why">
      <header>
        <h2 id="why">{texts.why}</h2>
        <p className="muted">{texts.whyLead}</p>
      </header>
      <Question state={state} />
      {why !== null && <HeatMap state={state} specimen={specimen} />}
    </section>
  )
}

function Question({ state: { chosen, why, where, method, label, change } }: { readonly state: TryState }) {
  const texts = useTexts().try
  const names = useClassNames(why?.labels)
  const asked = why !== null && !chosen.includes(why) ? [...chosen, why] : chosen
  return (
    <div className="row">
      <ChooseOne
        legend={texts.askModel}
        value={why?.id ?? ''}
        onChange={(id) => change({ why: id === '' ? null : id }, { replace: true })}
        options={[{ value: '', label: texts.nobody }, ...asked.map(({ id }) => ({ value: id, label: id }))]}
      />
      {why !== null && (
        <div className="narrow">
          <Select
            label={texts.askClass}
            value={label === null ? '' : String(label)}
            onChange={(value) => change({ class: value }, { replace: true })}
            options={[
              { value: '', label: texts.predicted },
              ...why.labels.map((_, i) => ({ value: String(i), label: names(i) })),
            ]}
          />
        </div>
      )}
      {why !== null && where === 'server' && (
        <ChooseOne
          legend={texts.method}
          value={method}
          onChange={(value) => change({ method: value }, { replace: true })}
          options={methods.map((value) => ({
            value,
            label: texts.methods[value],
            disabled: value === 'gradcam' && !why.convolutional,
          }))}
        />
      )}
    </div>
  )
}

export function useExplained({ state, specimen }: Props) {
  const { why: model, where, method, label } = state
  const { key, pixels } = specimen
  return useLoad<Explained>(model && [model.id, where, method, label, key].join(' '), (signal) => {
    if (model === null) throw new Error('Nobody is asked.')
    return explain({ model, pixels, where, method, label }, signal)
  })
}

function HeatMap({ state, specimen }: Props) {
  const texts = useTexts().try
  const format = useFormat()
  const names = useClassNames(state.why?.labels)
  const explained = useExplained({ state, specimen })
  return (
    <Awaited of={explained}>
      {({ label, probability, values }) => (
        <div className="why">
          <figure>
            <Pixels painting={paintGray(specimen.pixels, 28, 28)} label={texts.seen} />
            <figcaption>{texts.seen}</figcaption>
          </figure>
          <figure>
            <Pixels
              painting={paintHeat(specimen.pixels, values, 28, 28)}
              label={texts.heatOf(names(label), texts.methods[state.method])}
            />
            <figcaption>
              {texts.speaksFor(names(label), format.percent(probability, 1))}
              <span className="scale" aria-hidden>
                {texts.least} <i /> {texts.most}
              </span>
            </figcaption>
          </figure>
        </div>
      )}
    </Awaited>
  )
}
