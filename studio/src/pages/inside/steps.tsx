import { type KeyboardEvent, useMemo } from 'react'
import type { Layer, ModelDetail } from '../../../../src/server/schemas/models.js'
import { SavePicture } from '../../components/save-picture.js'
import type { Tensor } from '../../inference/protocol.js'
import { type Specimen, useSpecimenName } from '../../picture/specimen.js'
import { usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { Activations } from './activations.js'
import { type Content, contentOf } from './content.js'
import { drawLayer } from './draw-layer.js'
import { FirstFilters } from './first-filters.js'

interface Props {
  readonly model: ModelDetail
  readonly specimen: Specimen
  readonly tensors: ReadonlyMap<string, Tensor>
}

/** The layers one after another; arrow keys go on and back. */
export function Steps({ model, specimen, tensors }: Props) {
  const { inside: texts } = useTexts()
  const { query } = usePlace()
  const change = useQueryChange()
  const layers = model.layers.filter(({ op }) => op !== 'input')
  const found = layers.findIndex(({ name }) => name === query.get('layer'))
  const at = Math.max(0, found)
  const layer = layers[at]
  if (layer === undefined) return null
  const go = (to: number): void => {
    const next = layers[Math.min(Math.max(to, 0), layers.length - 1)]
    if (next) change({ layer: next.name }, { replace: true })
  }
  const byKey = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLSelectElement) return
    if (event.key === 'ArrowRight') go(at + 1)
    if (event.key === 'ArrowLeft') go(at - 1)
  }
  return (
    <section className="section stage" aria-label={texts.layers} onKeyDown={byKey}>
      <Stepper layers={layers} at={at} go={go} />
      <div className="section" aria-live="polite">
        <LayerText layer={layer} />
      </div>
      {layer === filtering(layers) && <FirstFilters id={model.id} layer={layer.name} />}
      <Result
        layer={layer}
        last={at === layers.length - 1}
        model={model}
        specimen={specimen}
        tensors={tensors}
      />
    </section>
  )
}

/** The layer whose weights lie over the image itself, where there is one. */
function filtering(layers: readonly Layer[]): Layer | undefined {
  const first = layers.find(({ parameters }) => parameters > 0)
  return first?.op === 'conv2d' || first?.op === 'dense' ? first : undefined
}

interface StepperProps {
  readonly layers: readonly Layer[]
  readonly at: number
  readonly go: (to: number) => void
}

function Stepper({ layers, at, go }: StepperProps) {
  const { inside: texts, shell } = useTexts()
  return (
    <div className="buttons stepper">
      <button type="button" className="button" disabled={at === 0} onClick={() => go(at - 1)}>
        {shell.previous}
      </button>
      <label>
        <span className="hidden-visually">{texts.layer}</span>
        <select value={at} onChange={(event) => go(Number(event.currentTarget.value))}>
          {layers.map(({ name }, i) => (
            <option key={name} value={i}>
              {i + 1}. {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button primary"
        disabled={at === layers.length - 1}
        onClick={() => go(at + 1)}
      >
        {shell.next}
      </button>
    </div>
  )
}

function LayerText({ layer }: { readonly layer: Layer }) {
  const { inside: texts } = useTexts()
  const explanations: Readonly<Record<string, string>> = texts.ops
  return (
    <>
      <h2>
        {layer.name} <span className="muted shape">{shapeOf(layer)}</span>
      </h2>
      <p>{explanations[layer.op] ?? layer.op}</p>
    </>
  )
}

interface ResultProps extends Props {
  readonly layer: Layer
  readonly last: boolean
}

function Result({ layer, tensors, last, ...shown }: ResultProps) {
  const { inside: texts } = useTexts()
  const tensor = tensors.get(layer.name) ?? (last ? tensors.get('logits') : undefined)
  const content = useMemo(() => tensor && contentOf(tensor, last), [tensor, last])
  if (content === undefined) return <p className="muted">{texts.notThere}</p>
  return (
    <>
      <Activations content={content} labels={shown.model.labels} />
      <div className="buttons">
        <SaveLayer layer={layer} content={content} {...shown} />
      </div>
    </>
  )
}

interface SaveProps extends Pick<Props, 'model' | 'specimen'> {
  readonly layer: Layer
  readonly content: Content
}

function SaveLayer({ layer, content, model, specimen }: SaveProps) {
  const format = useFormat()
  const nameOf = useClassNames(model.labels)
  const title = useSpecimenName(specimen)
  const draw = (): Promise<Blob> =>
    drawLayer({
      pixels: specimen.pixels,
      title,
      heading: `${model.id}, ${layer.name}: ${shapeOf(layer)}`,
      content,
      nameOf,
      decimal: (value) => format.decimal(value, 2),
    })
  return <SavePicture name={`${model.id}-${layer.name}`} draw={draw} />
}

const shapeOf = ({ shape }: Layer): string => shape.join(' × ')
