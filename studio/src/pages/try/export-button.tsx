import { SavePicture } from '../../components/save-picture.js'
import { explain } from '../../inference/explain.js'
import { type Specimen, useSpecimenName } from '../../picture/specimen.js'
import { useFormat } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { drawResult } from './draw-result.js'
import type { TryState } from './try-state.js'
import { type AnswerOf, columnsOf } from './use-answers.js'

interface Props {
  readonly state: TryState
  readonly answers: AnswerOf
  readonly specimen: Specimen
}

/** Saves image, heat map and probabilities as one PNG. */
export function ExportButton({ state, answers, specimen }: Props) {
  const format = useFormat()
  const names = useClassNames(state.chosen[0]?.labels)
  const title = useSpecimenName(specimen)
  const columns = columnsOf(state.chosen, answers)
  const draw = async (): Promise<Blob> => {
    const { why: model, where, method, label } = state
    const { pixels } = specimen
    const heat = model && (await explain({ model, pixels, where, method, label }))
    return drawResult({
      pixels,
      title,
      heats: heat ? [{ values: heat.values, title: `${model.id}: ${names(heat.label)}?` }] : [],
      columns,
      nameOf: names,
      percent: (share) => format.percent(share, 1),
    })
  }
  return <SavePicture name="atelier" draw={columns.length === 0 ? null : draw} />
}
