import type { Model, ModelList } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Scrollable } from '../../components/scrollable.js'
import { Awaited } from '../../components/states.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useServerTexts } from '../../text/server-texts.js'

export const modelPath = (id: string, tab = ''): string =>
  `/models/${encodeURIComponent(id)}${tab === '' ? '' : `/${tab}`}`

/** The study's models and one's own, with the published figures and ours. */
export function ModelTable() {
  const texts = useTexts().models
  const list = useApi<ModelList>('/api/models')
  return (
    <div className="page">
      <header>
        <h1>{texts.title}</h1>
        <p className="lead">{texts.lead}</p>
      </header>
      <Awaited of={list}>{({ models }) => <Tables models={models} />}</Awaited>
    </div>
  )
}

function Tables({ models }: { readonly models: readonly Model[] }) {
  const texts = useTexts().models
  const pretrained = models.filter(({ kind }) => kind === 'pretrained')
  const runs = models.filter(({ kind }) => kind === 'run')
  const [a, b] = models
  return (
    <>
      <section className="section" aria-label={texts.pretrained}>
        <div className="between">
          <h2>{texts.pretrained}</h2>
          {a && b && (
            <Link className="button" href={linkTo('/models/compare', { a: a.id, b: b.id, image: 'test:0' })}>
              {texts.compareTwo}
            </Link>
          )}
        </div>
        {pretrained.length === 0 ? (
          <p className="state">{texts.none}</p>
        ) : (
          <Rows label={texts.pretrained} models={pretrained} />
        )}
        <p className="muted small">{texts.publishedNote}</p>
      </section>
      <section className="section" aria-label={texts.runs}>
        <h2>{texts.runs}</h2>
        {runs.length === 0 ? (
          <p className="state">
            {texts.noRuns} <Link href="/train">{texts.trainOne}</Link>
          </p>
        ) : (
          <Rows label={texts.runs} models={runs} />
        )}
      </section>
    </>
  )
}

interface RowsProps {
  readonly label: string
  readonly models: readonly Model[]
}

function Rows({ label, models }: RowsProps) {
  const texts = useTexts().models
  const format = useFormat()
  const serverTexts = useServerTexts()
  return (
    <Scrollable label={label}>
      <table className="models">
        <thead>
          <tr>
            <th scope="col">{texts.model}</th>
            <th scope="col" className="number">
              {texts.ours}
            </th>
            <th scope="col" className="number">
              {texts.published}
            </th>
            <th scope="col" className="number">
              {texts.parameters}
            </th>
            <th scope="col">{texts.recipe}</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ id, model, title, testAccuracy, publishedAccuracy, parameters, recipe }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={modelPath(id)}>{id}</Link>
                {title !== null && <span className="what">{serverTexts.title(model, title)}</span>}
              </th>
              <td className="number">{testAccuracy === null ? '–' : format.percent(testAccuracy)}</td>
              <td className="number">
                {publishedAccuracy === null ? '–' : format.percent(publishedAccuracy)}
              </td>
              <td className="number">{format.count(parameters)}</td>
              <td>{recipe}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  )
}
