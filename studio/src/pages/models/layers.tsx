import { Fragment } from 'react'
import type { Layer, ModelDetail } from '../../../../src/server/schemas/models.js'
import { Scrollable } from '../../components/scrollable.js'
import { useFormat, useTexts } from '../../settings.js'
import { Drawing } from './drawing.js'

/** What the model is made of. */
export function Layers({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const format = useFormat()
  const { layers, parameters, trainable } = model
  return (
    <>
      <section className="section" aria-labelledby="drawing">
        <header>
          <h2 id="drawing">{texts.drawing}</h2>
          <p className="muted">{texts.drawingLead}</p>
        </header>
        <Drawing layers={layers} />
      </section>
      <section className="section" aria-labelledby="layers">
        <header>
          <h2 id="layers">{texts.tabs.layers}</h2>
          <p className="muted">{texts.total(format.count(parameters), format.count(trainable))}</p>
        </header>
        <Scrollable label={texts.tabs.layers}>
          <table className="layers">
            <thead>
              <tr>
                <th scope="col">{texts.layer}</th>
                <th scope="col">{texts.kind}</th>
                <th scope="col">{texts.shape}</th>
                <th scope="col" className="number">
                  {texts.parameters}
                </th>
              </tr>
            </thead>
            <tbody>
              {layers.map((layer) => (
                <Row key={layer.name} layer={layer} />
              ))}
            </tbody>
          </table>
        </Scrollable>
      </section>
    </>
  )
}

function Row({ layer: { name, op, shape, parameters, params } }: { readonly layer: Layer }) {
  const format = useFormat()
  const settings = Object.entries(params)
    .filter(([, value]) => typeof value !== 'object' && value !== null)
    .map(([key, value]) => `${key} ${String(value)}`)
  return (
    <tr>
      <th scope="row">
        <Breakable name={name} />
      </th>
      <td>
        <Breakable name={op} /> <span className="muted small">{settings.join(', ')}</span>
      </td>
      <td className="nowrap">{shape.join(' × ')}</td>
      <td className="number">{parameters === 0 ? '–' : format.count(parameters)}</td>
    </tr>
  )
}

/** A name that may go on in the next line where a word of it ends. */
function Breakable({ name }: { readonly name: string }) {
  const words = name.split(/(?<=_)|(?<=[a-z])(?=[A-Z])/)
  return words.map((word, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a name's words stay where they are
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {word}
    </Fragment>
  ))
}
