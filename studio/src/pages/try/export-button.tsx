import { useState } from 'react'
import { messageOf } from '../../api/client.js'
import { explain } from '../../inference/explain.js'
import { download } from '../../picture/download.js'
import type { Specimen } from '../../picture/specimen.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { drawResult } from './draw-result.js'
import type { TryState } from './try-state.js'
import type { AnswerOf } from './use-answers.js'

interface Props {
  readonly state: TryState
  readonly answers: AnswerOf
  readonly specimen: Specimen
}

/** Saves image, heat map and probabilities as one PNG. */
export function ExportButton({ state, answers, specimen }: Props) {
  const { try: texts, shell } = useTexts()
  const format = useFormat()
  const names = useClassNames(state.chosen[0]?.labels)
  const [failure, setFailure] = useState<string | null>(null)
  const columns = state.chosen.flatMap((model) => {
    const answer = answers(model)
    return answer.state === 'ready' ? [{ name: model.id, ...answer.value }] : []
  })
  const save = async (): Promise<void> => {
    const { why: model, where, method, label } = state
    const { pixels, place } = specimen
    const heat = model && (await explain({ model, pixels, where, method, label }))
    const blob = await drawResult({
      pixels,
      title: place === null ? texts.ownImage : shell.testImage(place.index),
      heat: heat && { values: heat.values, title: `${model.id}: ${names(heat.label)}?` },
      columns,
      nameOf: names,
      percent: (share) => format.percent(share, 1),
    })
    download(blob, 'atelier')
  }
  const start = (): void => {
    save().then(
      () => setFailure(null),
      (error: unknown) => setFailure(messageOf(error)),
    )
  }
  return (
    <>
      <button type="button" className="button" disabled={columns.length === 0} onClick={start}>
        {shell.save}
      </button>
      {failure && <span role="alert">{failure}</span>}
    </>
  )
}
