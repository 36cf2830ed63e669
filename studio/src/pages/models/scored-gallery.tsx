import type { ModelDetail, ScoredImage } from '../../../../src/server/schemas/models.js'
import { sheetOf, Thumb } from '../../picture/thumb.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

interface Props {
  readonly model: Pick<ModelDetail, 'id' | 'labels'>
  readonly images: readonly ScoredImage[]
}

/** Test images with what a model takes them for; each leads to Try, with the reasons asked for. */
export function ScoredGallery({ model: { id, labels }, images }: Props) {
  const { models: texts, shell } = useTexts()
  const format = useFormat()
  const names = useClassNames(labels)
  const sheet = sheetOf(
    'test',
    images.map(({ index }) => index),
  )
  if (images.length === 0) return <p className="state">{texts.noImages}</p>
  return (
    <ul className="gallery scored">
      {images.map(({ index, label, predicted, confidence }, at) => (
        <li key={index}>
          <Link href={linkTo('/try', { image: `test:${index}`, models: id, why: id })}>
            <Thumb sheet={sheet} at={at} label={shell.testImage(index)} />
            <strong>{names(predicted)}</strong> {format.percent(confidence, 1)}
            {label !== predicted && <span className="muted"> {texts.not(names(label))}</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}
