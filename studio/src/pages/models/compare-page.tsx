/** Two models on the same image, and how they learned. */
import { useMemo } from 'react'
import { overlayPlots } from '../../../../src/report/plots/overlay.js'
import type { Model, ModelDetail, ModelList } from '../../../../src/server/schemas/models.js'
import { type Loaded, useApi, useLoad } from '../../api/use-load.js'
import { Chart } from '../../charts/chart.js'
import { endOf } from '../../charts/curve-ends.js'
import { Select } from '../../components/choices.js'
import { CopyLink } from '../../components/copy-link.js'
import { ImagePicker } from '../../components/image-picker.js'
import { SavePicture } from '../../components/save-picture.js'
import { Awaited } from '../../components/states.js'
import { type Explained, explain } from '../../inference/explain.js'
import { paintGray, paintHeat } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { type Specimen, useSpecimen, useSpecimenClass, useSpecimenName } from '../../picture/specimen.js'
import { Link } from '../../router/link.js'
import { usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { drawResult } from '../try/draw-result.js'
import { ProbabilityTable } from '../try/probability-table.js'
import { type AnswerOf, columnsOf, useAnswers } from '../try/use-answers.js'
import '../try/try.css'

export function ComparePage() {
  const texts = useTexts().models
  const list = useApi<ModelList>('/api/models')
  return (
    <div className="page">
      <header>
        <p className="small">
          <Link href="/models">{texts.title}</Link>
        </p>
        <h1>{texts.compareTitle}</h1>
        <p className="lead">{texts.compareLead}</p>
      </header>
      <Awaited of={list}>
        {({ models }) => <Comparison models={models.filter(({ takesPhotos }) => takesPhotos)} />}
      </Awaited>
    </div>
  )
}

function Comparison({ models }: { readonly models: readonly Model[] }) {
  const texts = useTexts().models
  const { query } = usePlace()
  const change = useQueryChange()
  const { specimen } = useSpecimen()
  const asked = (key: string): Model | undefined => models.find(({ id }) => id === query.get(key))
  const other = (than: Model | undefined): Model | undefined => models.find((one) => one !== than) ?? than
  const a = asked('a') ?? other(asked('b'))
  const b = asked('b') ?? other(a)
  if (a === undefined || b === undefined) return <p className="state">{texts.none}</p>
  const options = models.map(({ id }) => ({ value: id, label: id }))
  return (
    <>
      <div className="row">
        <div className="narrow">
          <Select label={texts.first} options={options} value={a.id} onChange={(id) => change({ a: id })} />
        </div>
        <div className="narrow">
          <Select label={texts.second} options={options} value={b.id} onChange={(id) => change({ b: id })} />
        </div>
        <ImagePicker />
      </div>
      {specimen && (
        <Awaited of={specimen}>
          {(chosen) => <Both key={chosen.key} models={[a, b]} specimen={chosen} />}
        </Awaited>
      )}
      <Curves ids={[a.id, b.id]} />
    </>
  )
}

interface BothProps {
  readonly models: readonly [Model, Model]
  readonly specimen: Specimen
}

function Both({ models, specimen }: BothProps) {
  const texts = useTexts().models
  const [first, second] = models
  const answers = useAnswers(models, specimen, 'browser')
  const explained = [useExplained(first, specimen), useExplained(second, specimen)]
  const label = useSpecimenClass(specimen)
  return (
    <section className="section" aria-labelledby="same">
      <h2 id="same">{texts.sameImage}</h2>
      <div className="columns">
        <div className="why three">
          <figure>
            <Pixels painting={paintGray(specimen.pixels, 28, 28)} label={texts.image} />
            <figcaption>{label ?? texts.image}</figcaption>
          </figure>
          {models.map((model, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a model may stand on both sides
            <Heat key={i} model={model} specimen={specimen} explained={explained[i] as Loaded<Explained>} />
          ))}
        </div>
        <ProbabilityTable models={models} answers={answers} truth={specimen.place?.label ?? null} />
      </div>
      <div className="buttons">
        <CopyLink />
        <SaveBoth models={models} specimen={specimen} answers={answers} explained={explained} />
      </div>
    </section>
  )
}

function useExplained(model: Model, { pixels, key }: Specimen): Loaded<Explained> {
  return useLoad(`${model.id} ${key}`, (signal) =>
    explain({ model, pixels, where: 'browser', method: 'occlusion', label: null }, signal),
  )
}

interface SaveProps extends BothProps {
  readonly answers: AnswerOf
  readonly explained: readonly Loaded<Explained>[]
}

/** Saves what both say, and why, as one PNG. */
function SaveBoth({ models, specimen, answers, explained }: SaveProps) {
  const format = useFormat()
  const names = useClassNames(models[0].labels)
  const title = useSpecimenName(specimen)
  const columns = columnsOf(models, answers)
  const heats = explained.flatMap((one, i) => {
    if (one.state !== 'ready') return []
    const { label, values } = one.value
    return [{ values, title: `${models[i]?.id}: ${names(label)}` }]
  })
  const complete = columns.length === models.length && heats.length === models.length
  const draw = (): Promise<Blob> =>
    drawResult({
      pixels: specimen.pixels,
      title,
      heats,
      columns,
      nameOf: names,
      percent: (share) => format.percent(share, 1),
    })
  return <SavePicture name={models.map(({ id }) => id).join('-')} draw={complete ? draw : null} />
}

interface HeatProps {
  readonly model: Model
  readonly specimen: Specimen
  readonly explained: Loaded<Explained>
}

function Heat({ model, specimen: { pixels }, explained }: HeatProps) {
  const texts = useTexts().try
  const names = useClassNames(model.labels)
  return (
    <Awaited of={explained}>
      {({ label, values }) => (
        <figure>
          <Pixels
            painting={paintHeat(pixels, values, 28, 28)}
            label={texts.heatOf(names(label), texts.methods.occlusion)}
          />
          <figcaption>
            {model.id}: {names(label)}
          </figcaption>
        </figure>
      )}
    </Awaited>
  )
}

function Curves({ ids }: { readonly ids: readonly [string, string] }) {
  const texts = useTexts().models
  const [first, second] = ids.map((id) => `/api/models/${encodeURIComponent(id)}`) as [string, string]
  const [a, b] = [useApi<ModelDetail>(first), useApi<ModelDetail>(second)]
  return (
    <section className="section" aria-labelledby="both-curves">
      <h2 id="both-curves">{texts.curves}</h2>
      <Awaited of={a}>
        {(one) => <Awaited of={b}>{(other) => <Overlay models={[one, other]} />}</Awaited>}
      </Awaited>
    </section>
  )
}

function Overlay({ models }: { readonly models: readonly ModelDetail[] }) {
  const texts = useTexts().models
  const format = useFormat()
  const plots = useMemo(
    () => overlayPlots(models.map(({ id, history }) => ({ name: id, history }))),
    [models],
  )
  const words: Readonly<Record<string, string>> = texts.plotWords
  const endsOf = (plot: string): string =>
    models
      .map(({ id, history }) => {
        const last = history.at(-1)
        return last
          ? texts.endAlt(id, endOf(last, plot, format).training, format.epochs(last.epoch))
          : texts.noEndAlt(id)
      })
      .join(', ')
  return (
    <>
      <p className="muted">
        {models
          .map(
            ({ id, testAccuracy }) => `${id}: ${testAccuracy === null ? '–' : format.percent(testAccuracy)}`,
          )
          .join(' · ')}
      </p>
      <div className="columns">
        {plots.map(({ name, title, option }) => (
          <Chart
            key={name}
            title={words[title] ?? title}
            alt={texts.overlayAlt(words[title] ?? title, endsOf(name))}
            option={option}
            height={300}
          />
        ))}
      </div>
    </>
  )
}
