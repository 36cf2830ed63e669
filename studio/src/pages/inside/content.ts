/** A layer's result for one image, as it is shown: channels, units, or the answer. */
import type { Tensor } from '../../inference/protocol.js'
import { type Painting, paintPositive, paintSigned } from '../../picture/paint.js'

/** Channels shown; more would say no more. */
const MOST_CHANNELS = 64
/** Units side by side where a vector is drawn. */
const VECTOR_COLUMNS = 32

export interface Scale {
  readonly largest: number
  readonly signed: boolean
}

export type Content =
  | {
      readonly kind: 'channels'
      readonly paintings: readonly Painting[]
      /** Of the layer: more than there are paintings, where not all are shown. */
      readonly channels: number
      readonly scale: Scale
    }
  | { readonly kind: 'units'; readonly painting: Painting; readonly units: number; readonly scale: Scale }
  | { readonly kind: 'logits'; readonly values: Float32Array }

/** Of a tensor [1, channels, height, width] or [1, units]; the last layer's units are the answer. */
export function contentOf(tensor: Tensor, last: boolean): Content {
  if (last) return { kind: 'logits', values: tensor.data }
  return tensor.dims.length === 4 ? channelsOf(tensor) : unitsOf(tensor.data)
}

function channelsOf({ dims, data }: Tensor): Content {
  const [, channels = 0, height = 0, width = 0] = dims
  const scale = scaleOf(data)
  const paintings = Array.from({ length: Math.min(channels, MOST_CHANNELS) }, (_, c) =>
    painted(data.subarray(c * height * width, (c + 1) * height * width), width, height, scale),
  )
  return { kind: 'channels', paintings, channels, scale }
}

/** The units as a block of squares, row after row. */
function unitsOf(values: Float32Array): Content {
  const width = Math.min(VECTOR_COLUMNS * Math.ceil(values.length / 4096), values.length)
  const height = Math.ceil(values.length / width)
  const padded = new Float32Array(width * height)
  padded.set(values)
  const scale = scaleOf(values)
  return { kind: 'units', painting: painted(padded, width, height, scale), units: values.length, scale }
}

const scaleOf = (values: Float32Array): Scale => ({
  largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  signed: values.some((value) => value < 0),
})

function painted(values: Float32Array, width: number, height: number, { signed, largest }: Scale): Painting {
  return (signed ? paintSigned : paintPositive)(values, width, height, largest)
}
