import type { CSSProperties } from 'react'
import type { Model } from '../../../../src/server/schemas/models.js'
import { Scrollable } from '../../components/scrollable.js'
import type { Answer } from '../../inference/predict.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import type { AnswerOf } from './use-answers.js'

interface Props {
  readonly models: readonly Model[]
  readonly answers: AnswerOf
  /** The label that the data set has for the image. */
  readonly truth: number | null
}

/** Classes down, the likeliest first; models across. */
export function ProbabilityTable({ models, answers, truth }: Props) {
  const texts = useTexts().try
  const names = useClassNames(models[0]?.labels)
  const columns = models.map((model) => {
    const answer = answers(model)
    return answer.state === 'ready' ? answer.value : null
  })
  const order = orderOf(
    columns.filter((answer) => answer !== null),
    models[0]?.labels.length ?? 0,
  )
  return (
    <Scrollable label={texts.answers}>
      <table className="probabilities">
        <caption className="hidden-visually">{texts.answers}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.class}</th>
            {models.map(({ id }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a model may be compared with itself
              <th scope="col" key={i}>
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((label) => (
            <tr key={label}>
              <th scope="row">
                {names(label)}
                {label === truth && <span className="truth"> {texts.truth}</span>}
              </th>
              {columns.map((answer, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a model may be compared with itself
                <td key={i}>{answer && <Bar answer={answer} label={label} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  )
}

function Bar({ answer, label }: { readonly answer: Answer; readonly label: number }) {
  const format = useFormat()
  const share = answer.probabilities[label] as number
  return (
    <span
      className={`bar${label === answer.label ? ' best' : ''}`}
      title={format.percent(share, 4)}
      style={{ '--share': share } as CSSProperties}
    >
      <span className="fill" aria-hidden />
      <span className="value">{format.percent(share, 1)}</span>
    </span>
  )
}

/** By mean probability over the models, the lower label first among equals. */
function orderOf(answers: readonly Answer[], classes: number): readonly number[] {
  const sums = Array.from({ length: classes }, (_, label) =>
    answers.reduce((sum, { probabilities }) => sum + (probabilities[label] as number), 0),
  )
  return Array.from(sums.keys()).sort((a, b) => (sums[b] as number) - (sums[a] as number) || a - b)
}
