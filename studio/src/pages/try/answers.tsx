/** The models' probabilities side by side. */
import type { Model } from '../../../../src/server/schemas/models.js'
import { ChooseMany, ChooseOne } from '../../components/choices.js'
import { Failed } from '../../components/states.js'
import type { Answer } from '../../inference/predict.js'
import type { Specimen } from '../../picture/specimen.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { useMessageOf } from '../../text/use-message.js'
import { ProbabilityTable } from './probability-table.js'
import type { TryState } from './try-state.js'
import type { AnswerOf } from './use-answers.js'

interface Props {
  readonly state: TryState
  readonly answers: AnswerOf
  readonly specimen: Specimen
}

export function Answers({ state, answers, specimen }: Props) {
  const texts = useTexts().try
  const messageOf = useMessageOf()
  const { chosen } = state
  const failures = chosen.flatMap((model) => {
    const answer = answers(model)
    return answer.state === 'failed' ? [{ model, ...answer }] : []
  })
  return (
    <section className="section" aria-labelledby="answers">
      <header>
        <h2 id="answers">{texts.answers}</h2>
        <Verdict models={chosen} answers={answers} />
      </header>
      <Settings state={state} />
      <Unfamiliar models={chosen} answers={answers} />
      {failures.map(({ model, error, retry }) => (
        <Failed key={model.id} message={`${model.id}: ${messageOf(error)}`} retry={retry} />
      ))}
      {chosen.length === 0 ? (
        <p className="state">{texts.noModels}</p>
      ) : (
        <ProbabilityTable models={chosen} answers={answers} truth={specimen.place?.label ?? null} />
      )}
    </section>
  )
}

function Settings({ state }: { readonly state: TryState }) {
  const texts = useTexts().try
  const { models, chosen, where, change } = state
  const shown = models.filter(
    ({ kind }, i) => kind === 'pretrained' || chosen.includes(models[i] as Model) || i < 8,
  )
  return (
    <div className="row">
      <ChooseMany
        legend={texts.models}
        options={shown.map(({ id }) => ({ value: id, label: id }))}
        values={chosen.map(({ id }) => id)}
        onChange={(ids) => change({ models: ids.length === 0 ? 'none' : ids.join(',') }, { replace: true })}
      />
      <ChooseOne
        legend={texts.where}
        value={where}
        onChange={(value) => change({ where: value === 'server' ? value : null }, { replace: true })}
        options={[
          { value: 'browser', label: texts.inBrowser },
          { value: 'server', label: texts.onServer },
        ]}
      />
    </div>
  )
}

interface Said {
  readonly models: readonly Model[]
  readonly answers: AnswerOf
}

const readyOf = ({ models, answers }: Said): readonly (readonly [Model, Answer])[] =>
  models.flatMap((model) => {
    const answer = answers(model)
    return answer.state === 'ready' ? [[model, answer.value] as const] : []
  })

/** One sentence, also for those who hear the page. */
function Verdict(said: Said) {
  const texts = useTexts().try
  const format = useFormat()
  const ready = readyOf(said)
  const names = useClassNames(said.models[0]?.labels)
  const labels = new Set(ready.map(([, { label }]) => label))
  const parts = ready.map(([{ id }, { label, probabilities }]) =>
    texts.says(id, names(label), format.percent(probabilities[label] as number, 1)),
  )
  const [label] = labels
  const complete = ready.length === said.models.length && label !== undefined
  return (
    <p className="muted" role="status" aria-busy={!complete && said.models.length > 0}>
      {complete && labels.size === 1 && parts.length > 1 ? texts.agree(names(label)) : null}
      {complete ? parts.join(' · ') : texts.thinking}
      {complete && <How answers={ready.map(([, answer]) => answer)} />}
    </p>
  )
}

function How({ answers }: { readonly answers: readonly Answer[] }) {
  const texts = useTexts().try
  const format = useFormat()
  const [first] = answers
  if (first === undefined) return null
  const time = answers.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return (
    <span className="how small">
      {first.device === 'server'
        ? texts.byServer
        : texts.byBrowser(first.device, format.decimal(time, time < 10 ? 1 : 0))}
    </span>
  )
}

function Unfamiliar(said: Said) {
  const texts = useTexts().try
  const doubtful = readyOf(said).filter(([, { unfamiliar }]) => unfamiliar)
  if (doubtful.length === 0) return null
  return (
    <p className="notice" role="status">
      <strong>{texts.unfamiliar}</strong> {texts.unfamiliarWhy(doubtful.map(([{ id }]) => id).join(', '))}
    </p>
  )
}
