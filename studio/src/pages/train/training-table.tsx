import type { Training } from '../../../../src/server/schemas/trainings.js'
import { useTrainings } from '../../api/use-trainings.js'
import { Scrollable } from '../../components/scrollable.js'
import { Loading } from '../../components/states.js'
import { Link } from '../../router/link.js'
import { useFormat, useTexts } from '../../settings.js'
import { Progress } from './progress.js'

export const trainingPath = (id: string): string => `/train/${encodeURIComponent(id)}`

/** What runs, what waits, and what is over. */
export function TrainingTable() {
  const texts = useTexts().train
  const { list, lost } = useTrainings()
  return (
    <section className="section" aria-labelledby="trainings">
      <h2 id="trainings">{texts.trainings}</h2>
      {lost && (
        <p className="notice" role="status">
          {texts.lost}
        </p>
      )}
      {list === null ? (
        !lost && <Loading />
      ) : list.trainings.length === 0 ? (
        <p className="state">{texts.none}</p>
      ) : (
        <Rows trainings={list.trainings} />
      )}
    </section>
  )
}

function Rows({ trainings }: { readonly trainings: readonly Training[] }) {
  const texts = useTexts().train
  const format = useFormat()
  return (
    <Scrollable label={texts.trainings}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.training}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col" className="wide">
              {texts.progress}
            </th>
            <th scope="col" className="number">
              {texts.accuracy}
            </th>
          </tr>
        </thead>
        <tbody>
          {trainings.map((training) => (
            <tr key={training.id}>
              <th scope="row">
                <Link href={trainingPath(training.id)}>{training.id}</Link>
              </th>
              <td>{texts.states[training.state]}</td>
              <td>
                <Progress training={training} />
              </td>
              <td className="number">
                {training.testAccuracy === null ? '–' : format.percent(training.testAccuracy)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  )
}
