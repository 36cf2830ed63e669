/** Questions in parts, and their answers as one. Pure. */
import type { Outputs, Tensor } from './protocol.js'

const PIXELS = 28 * 28
/** Images a run: activations of more would be large, and what is not wanted any more is dropped between runs. */
const BATCH = 32

interface Batch {
  readonly images: Uint8Array<ArrayBuffer>
  readonly count: number
}

/** Copies of [count, 28, 28] bytes in parts, which a worker may be given for good. */
export function batchesOf(images: Uint8Array, count: number): readonly Batch[] {
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => {
    const [first, end] = [i * BATCH, Math.min((i + 1) * BATCH, count)]
    return { images: new Uint8Array(images.subarray(first * PIXELS, end * PIXELS)), count: end - first }
  })
}

/** The answers for batches, of which there is at least one, as if all had been asked at once. */
export function joined(parts: readonly Outputs[]): Outputs {
  const { device, outputs } = parts[0] as Outputs
  const entries = Array.from(outputs.keys(), (name) => {
    return [name, joinedTensor(parts.map((part) => part.outputs.get(name) as Tensor))] as const
  })
  const milliseconds = parts.reduce((sum, part) => sum + part.milliseconds, 0)
  return { outputs: new Map(entries), device, milliseconds }
}

function joinedTensor(pieces: readonly Tensor[]): Tensor {
  const [first] = pieces as readonly [Tensor]
  if (pieces.length === 1) return first
  const data = new Float32Array(pieces.reduce((sum, piece) => sum + piece.data.length, 0))
  let offset = 0
  for (const piece of pieces) {
    data.set(piece.data, offset)
    offset += piece.data.length
  }
  const count = pieces.reduce((sum, { dims }) => sum + (dims[0] as number), 0)
  return { dims: [count, ...first.dims.slice(1)], data }
}
