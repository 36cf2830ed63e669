/** The confusion matrix, whose cells open the images behind. */

import { useEffect, useRef } from 'react'
import { heatStep, heatTurn } from '../../../../src/page/theme.js'
import type { Evaluation, ModelDetail, ScoredImages } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { CopyLink } from '../../components/copy-link.js'
import { SavePicture } from '../../components/save-picture.js'
import { Scrollable } from '../../components/scrollable.js'
import { Awaited } from '../../components/states.js'
import { Link } from '../../router/link.js'
import { linkTo, usePlace } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { drawMatrix } from './draw-matrix.js'
import { modelPath } from './model-table.js'
import { ScoredGallery } from './scored-gallery.js'

const SHOWN = 60

export function Confusion({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const { query } = usePlace()
  const evaluation = useApi<Evaluation>(`/api/models/${encodeURIComponent(model.id)}/evaluation`)
  const [truth, predicted] = [query.get('truth'), query.get('predicted')]
  return (
    <>
      <section className="section" aria-labelledby="matrix">
        <header>
          <h2 id="matrix">{texts.tabs.confusion}</h2>
          <p className="muted">{texts.confusionLead}</p>
        </header>
        <Awaited of={evaluation}>
          {(value) => (
            <>
              <Matrix model={model} evaluation={value} />
              <SaveMatrix model={model} evaluation={value} />
            </>
          )}
        </Awaited>
      </section>
      {truth !== null && predicted !== null && (
        <Cell
          key={`${truth} ${predicted}`}
          model={model}
          truth={Number(truth)}
          predicted={Number(predicted)}
        />
      )}
    </>
  )
}

interface MatrixProps {
  readonly model: ModelDetail
  readonly evaluation: Evaluation
}

function Matrix({ model, evaluation: { confusion, perClass } }: MatrixProps) {
  const texts = useTexts().models
  const names = useClassNames(model.labels)
  return (
    <Scrollable label={texts.tabs.confusion}>
      <table className="matrix">
        <caption>{texts.matrixCaption}</caption>
        <thead>
          <tr>
            <td />
            {perClass.map(({ name }, label) => (
              <th scope="col" key={name}>
                <span>{names(label)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, truth) => (
            <tr key={perClass[truth]?.name}>
              <th scope="row">{names(truth)}</th>
              {row.map((count, predicted) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a label is an index
                <td key={predicted}>
                  <Count
                    model={model}
                    count={count}
                    truth={truth}
                    predicted={predicted}
                    n={perClass[truth]?.n ?? 0}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  )
}

function SaveMatrix({ model, evaluation: { confusion } }: MatrixProps) {
  const texts = useTexts().models
  const nameOf = useClassNames(model.labels)
  const title = `${model.id}. ${texts.matrixCaption}`
  return (
    <div className="buttons">
      <CopyLink />
      <SavePicture
        name={`${model.id}-confusion`}
        draw={() => drawMatrix({ title, counts: confusion, nameOf })}
      />
    </div>
  )
}

interface CountProps {
  readonly model: ModelDetail
  readonly count: number
  readonly truth: number
  readonly predicted: number
  readonly n: number
}

function Count({ model, count, truth, predicted, n }: CountProps) {
  const texts = useTexts().models
  const names = useClassNames(model.labels)
  const { query } = usePlace()
  const step = heatStep(n === 0 ? 0 : count / n)
  const style = {
    background: `var(--heat-${step})`,
    color: step >= heatTurn ? 'var(--surface)' : 'var(--ink)',
  }
  const current = query.get('truth') === String(truth) && query.get('predicted') === String(predicted)
  if (count === 0) return <span style={style} />
  return (
    <Link
      style={style}
      aria-current={current ? 'true' : undefined}
      aria-label={texts.cell(count, names(truth), names(predicted))}
      href={linkTo(modelPath(model.id, 'confusion'), { truth, predicted })}
    >
      {count}
    </Link>
  )
}

interface CellProps {
  readonly model: ModelDetail
  readonly truth: number
  readonly predicted: number
}

function Cell({ model, truth, predicted }: CellProps) {
  const texts = useTexts().models
  const format = useFormat()
  const names = useClassNames(model.labels)
  const section = useRef<HTMLElement>(null)
  const path = linkTo(`/api/models/${encodeURIComponent(model.id)}/images`, {
    truth,
    predicted,
    limit: SHOWN,
  })
  const images = useApi<ScoredImages>(path)
  const ready = images.state === 'ready'
  useEffect(() => {
    if (ready) section.current?.scrollIntoView({ block: 'nearest' })
  }, [ready])
  return (
    <section className="section" aria-labelledby="cell" aria-live="polite" ref={section}>
      <h2 id="cell">
        {truth === predicted ? texts.right(names(truth)) : texts.takenFor(names(truth), names(predicted))}
      </h2>
      <Awaited of={images}>
        {({ total, images: shown }) => (
          <>
            <p className="muted">{texts.mostConfident(format.count(shown.length), format.count(total))}</p>
            <ScoredGallery model={model} images={shown} />
          </>
        )}
      </Awaited>
    </section>
  )
}
