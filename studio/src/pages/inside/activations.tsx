import { Pixels } from '../../picture/pixels.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import type { Content, Scale } from './content.js'

interface Props {
  readonly content: Content
  /** Of the last layer's units. */
  readonly labels: readonly string[]
}

/** A layer's result for one image. */
export function Activations({ content, labels }: Props) {
  if (content.kind === 'logits') return <Logits values={content.values} labels={labels} />
  return (
    <>
      <ColorScale scale={content.scale} />
      {content.kind === 'channels' ? <Channels {...content} /> : <Units {...content} />}
    </>
  )
}

function Channels({ paintings, channels }: Content & { readonly kind: 'channels' }) {
  const texts = useTexts().inside
  return (
    <>
      <ul className="gallery maps">
        {paintings.map((painting, c) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a channel is an index
          <li key={c}>
            <Pixels painting={painting} label={texts.channel(c + 1)} />
          </li>
        ))}
      </ul>
      {paintings.length < channels && (
        <p className="muted small">{texts.first(paintings.length, channels)}</p>
      )}
    </>
  )
}

function Units({ painting, units }: Content & { readonly kind: 'units' }) {
  const texts = useTexts().inside
  return (
    <div className="vector">
      <Pixels painting={painting} label={texts.units(units)} className="pixels free" />
    </div>
  )
}

function ColorScale({ scale: { signed, largest } }: { readonly scale: Scale }) {
  const format = useFormat()
  return (
    <p className="color-scale small muted">
      {format.decimal(signed ? -largest : 0, 2)}
      <i className={signed ? 'signed' : 'positive'} aria-hidden />
      {format.decimal(largest, 2)}
    </p>
  )
}

function Logits({ values, labels }: { readonly values: Float32Array; readonly labels: readonly string[] }) {
  const texts = useTexts().inside
  const format = useFormat()
  const names = useClassNames(labels)
  const best = values.indexOf(Math.max(...values))
  return (
    <table className="logits">
      <caption>{texts.logits}</caption>
      <tbody>
        {labels.map((name, label) => (
          <tr key={name} className={label === best ? 'best' : undefined}>
            <th scope="row">{names(label)}</th>
            <td className="number">{format.decimal(values[label] as number, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
