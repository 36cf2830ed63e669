import { useMemo } from 'react'
import type { Tensor } from '../../inference/protocol.js'
import { type Painting, paintPositive, paintSigned } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

/** Channels shown; more would say no more. */
const MOST_CHANNELS = 64
/** Units side by side where a vector is drawn. */
const VECTOR_COLUMNS = 32

interface Props {
  readonly tensor: Tensor
  /** Of the last layer's units. */
  readonly labels: readonly string[] | null
}

/** A layer's result for one image: its channels, or its units. */
export function Activations({ tensor, labels }: Props) {
  const { dims, data } = tensor
  if (labels !== null) return <Logits values={data} labels={labels} />
  if (dims.length === 4) return <Channels tensor={tensor} />
  return <Vector values={data} />
}

interface Scale {
  readonly largest: number
  readonly signed: boolean
}

const scaleOf = (values: Float32Array): Scale => ({
  largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  signed: values.some((value) => value < 0),
})

function painted(values: Float32Array, width: number, height: number, { signed, largest }: Scale): Painting {
  return (signed ? paintSigned : paintPositive)(values, width, height, largest)
}

function Channels({ tensor: { dims, data } }: { readonly tensor: Tensor }) {
  const texts = useTexts().inside
  const [, channels = 0, height = 0, width = 0] = dims
  const shown = Math.min(channels, MOST_CHANNELS)
  const paintings = useMemo(() => {
    const scale = scaleOf(data)
    return Array.from({ length: shown }, (_, c) =>
      painted(data.subarray(c * height * width, (c + 1) * height * width), width, height, scale),
    )
  }, [data, shown, height, width])
  return (
    <>
      <ColorScale values={data} />
      <ul className="gallery maps">
        {paintings.map((painting, c) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a channel is an index
          <li key={c}>
            <Pixels painting={painting} label={texts.channel(c + 1)} />
          </li>
        ))}
      </ul>
      {shown < channels && <p className="muted small">{texts.first(shown, channels)}</p>}
    </>
  )
}

/** The units as a block of squares. */
function Vector({ values }: { readonly values: Float32Array }) {
  const texts = useTexts().inside
  const painting = useMemo(() => {
    const width = Math.min(VECTOR_COLUMNS * Math.ceil(values.length / 4096), values.length)
    const height = Math.ceil(values.length / width)
    const padded = new Float32Array(width * height)
    padded.set(values)
    return painted(padded, width, height, scaleOf(values))
  }, [values])
  return (
    <>
      <ColorScale values={values} />
      <div className="vector">
        <Pixels painting={painting} label={texts.units(values.length)} className="pixels free" />
      </div>
    </>
  )
}

function ColorScale({ values }: { readonly values: Float32Array }) {
  const format = useFormat()
  const { signed, largest } = scaleOf(values)
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
