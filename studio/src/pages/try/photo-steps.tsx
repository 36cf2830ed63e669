/** What became of the photo on its way to 28 x 28 pixels. */
import type { Invert, PreparedPhoto } from '../../../../src/photo/prepare.js'
import { ChooseOne } from '../../components/choices.js'
import { paintGray, paintRaster } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { type Specimen, useSpecimen, useSpecimenClass, useSpecimenName } from '../../picture/specimen.js'
import { usePlace } from '../../router/location.js'
import { useTexts } from '../../settings.js'

const inversions = ['auto', 'yes', 'no'] as const

export function PhotoSteps({ specimen }: { readonly specimen: Specimen }) {
  const texts = useTexts().try
  const { photo } = specimen
  return (
    <section className="section" aria-labelledby="steps">
      <header>
        <h2 id="steps">{texts.steps}</h2>
        <p className="muted capital">{photo === null ? <Origin specimen={specimen} /> : texts.stepsLead}</p>
      </header>
      {photo === null ? (
        <div className="steps">
          <figure>
            <Pixels painting={paintGray(specimen.pixels, 28, 28)} label={texts.seen} />
          </figure>
        </div>
      ) : (
        <Steps photo={photo} />
      )}
      {photo?.blank && (
        <p className="notice" role="status">
          {texts.blank}
        </p>
      )}
      {photo !== null && !photo.plain && (
        <p className="notice" role="status">
          {texts.notPlain}
        </p>
      )}
    </section>
  )
}

function Origin({ specimen }: { readonly specimen: Specimen }) {
  const texts = useTexts().try
  const [name, label] = [useSpecimenName(specimen), useSpecimenClass(specimen)]
  return label === null ? texts.byLink : texts.fromData(name, label)
}

function Steps({ photo }: { readonly photo: PreparedPhoto }) {
  const texts = useTexts().try
  const { query } = usePlace()
  const { invertOwn } = useSpecimen()
  const invert = inversions.find((name) => name === query.get('invert')) ?? 'auto'
  return (
    <>
      <ol className="steps plain">
        {photo.steps.map(({ name, raster }, i) => (
          <li key={name}>
            <figure>
              <Pixels painting={paintRaster(raster)} label={texts.stepNames[name]} />
              <figcaption>
                <span className="muted">{i + 1}</span> {texts.stepNames[name]}
              </figcaption>
            </figure>
          </li>
        ))}
      </ol>
      {invertOwn && (
        <ChooseOne<Invert>
          legend={texts.invert}
          value={invert}
          onChange={invertOwn}
          options={inversions.map((value) => ({ value, label: texts.inversions[value] }))}
        />
      )}
    </>
  )
}
