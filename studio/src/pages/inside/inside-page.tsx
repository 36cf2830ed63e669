/** What every layer of a network makes of one image. */
import type { Model, ModelDetail, ModelList } from '../../../../src/server/schemas/models.js'
import { useApi, useLoad } from '../../api/use-load.js'
import { Select } from '../../components/choices.js'
import { CopyLink } from '../../components/copy-link.js'
import { ImagePicker } from '../../components/image-picker.js'
import { Awaited } from '../../components/states.js'
import { runModel } from '../../inference/client.js'
import { paintGray } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { type Specimen, useSpecimen, useSpecimenClass } from '../../picture/specimen.js'
import { Link } from '../../router/link.js'
import { usePlace, useQueryChange } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { Steps } from './steps.js'
import './inside.css'

export default function InsidePage() {
  const texts = useTexts().inside
  const list = useApi<ModelList>('/api/models')
  return (
    <div className="page">
      <header>
        <h1>{texts.title}</h1>
        <p className="lead">{texts.lead}</p>
      </header>
      <Awaited of={list}>
        {({ models }) => <Chooser models={models.filter(({ takesPhotos }) => takesPhotos)} />}
      </Awaited>
    </div>
  )
}

function Chooser({ models }: { readonly models: readonly Model[] }) {
  const { inside: texts, shell } = useTexts()
  const { query } = usePlace()
  const change = useQueryChange()
  const { specimen, linkAbout } = useSpecimen()
  const model =
    models.find(({ id }) => id === query.get('model')) ??
    models.find(({ id }) => id === 'cnn') ??
    models.find(({ convolutional }) => convolutional) ??
    models[0]
  if (model === undefined) return <p className="state">{texts.noModels}</p>
  return (
    <>
      <div className="row">
        <div className="narrow">
          <Select
            label={shell.model}
            value={model.id}
            options={models.map(({ id }) => ({ value: id, label: id }))}
            onChange={(id) => change({ model: id, layer: null })}
          />
        </div>
        <ImagePicker />
        <CopyLink />
      </div>
      {specimen === null ? (
        <p className="state">
          {texts.noImage} <Link href={linkAbout('/try')}>{shell.pages.try}</Link>
        </p>
      ) : (
        <Awaited of={specimen}>{(chosen) => <Inside model={model} specimen={chosen} />}</Awaited>
      )}
    </>
  )
}

function Inside({ model, specimen }: { readonly model: Model; readonly specimen: Specimen }) {
  const texts = useTexts().inside
  const label = useSpecimenClass(specimen)
  const detail = useApi<ModelDetail>(`/api/models/${encodeURIComponent(model.id)}`)
  const outputs = useLoad(`${model.id} ${specimen.key}`, (signal) =>
    runModel({ url: model.activationsOnnx, version: model.version }, specimen.pixels, 1, signal),
  )
  return (
    <div className="inside">
      <figure className="subject">
        <Pixels painting={paintGray(specimen.pixels, 28, 28)} label={texts.image} />
        <figcaption className="small muted">{label ?? texts.image}</figcaption>
      </figure>
      <Awaited of={detail}>
        {(value) => (
          <Awaited of={outputs}>
            {({ outputs: tensors }) => <Steps model={value} specimen={specimen} tensors={tensors} />}
          </Awaited>
        )}
      </Awaited>
    </div>
  )
}
