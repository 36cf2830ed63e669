import type { Evaluation, ModelDetail } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { LearningCurves } from '../../charts/learning-curves.js'
import { Facts } from '../../components/facts.js'
import { Scrollable } from '../../components/scrollable.js'
import { Awaited } from '../../components/states.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

export function Overview({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const format = useFormat()
  const { training, testAccuracy, publishedAccuracy } = model
  const facts = [
    { name: texts.ours, value: testAccuracy === null ? '–' : format.percent(testAccuracy) },
    { name: texts.published, value: publishedAccuracy === null ? '–' : format.percent(publishedAccuracy) },
    { name: texts.parameters, value: format.count(model.parameters) },
    {
      name: texts.trainedOn,
      value: format.count(training.trainImages),
      note: texts.heldOut(format.count(training.heldOutImages)),
    },
    {
      name: texts.time,
      value: training.seconds === null ? '–' : format.duration(training.seconds),
      note: `${training.engine}, ${training.precision}`,
    },
  ]
  return (
    <>
      <Facts facts={facts} />
      <section className="section" aria-labelledby="curves">
        <h2 id="curves">{texts.curves}</h2>
        <LearningCurves history={model.history} />
      </section>
      <section className="section" aria-labelledby="classes">
        <h2 id="classes">{texts.classes}</h2>
        <Classes model={model} />
      </section>
      <section className="section" aria-labelledby="command">
        <h2 id="command">{texts.again}</h2>
        <pre className="command">{training.command}</pre>
        <p className="muted small">{training.cpu}</p>
      </section>
    </>
  )
}

function Classes({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const format = useFormat()
  const names = useClassNames(model.labels)
  const evaluation = useApi<Evaluation>(`/api/models/${encodeURIComponent(model.id)}/evaluation`)
  return (
    <Awaited of={evaluation}>
      {({ perClass, n, accuracy, interval }) => (
        <>
          <p className="muted">
            {texts.scored(
              format.percent(accuracy),
              format.count(n),
              format.percent(interval.low),
              format.percent(interval.high),
            )}
          </p>
          <Scrollable label={texts.classes}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{texts.class}</th>
                  {[texts.precision, texts.recall, 'F1'].map((name) => (
                    <th scope="col" className="number" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {perClass.map(({ name, precision, recall, f1 }, label) => (
                  <tr key={name}>
                    <th scope="row">{names(label)}</th>
                    <td className="number">{format.percent(precision, 1)}</td>
                    <td className="number">{format.percent(recall, 1)}</td>
                    <td className="number">{format.percent(f1, 1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrollable>
        </>
      )}
    </Awaited>
  )
}
