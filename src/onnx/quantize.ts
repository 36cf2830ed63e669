/** Weights as signed bytes: each output channel has its own scale, and zero stays zero. */

export interface Quantized {
  readonly values: Int8Array<ArrayBuffer>
  /** One for each output channel, such that weight = scale value up to half a scale. */
  readonly scales: Float32Array<ArrayBuffer>
}

const largest = 127

/** The scale is a channel's largest magnitude over 127. Output channels come first in every kernel. */
export function quantize(weights: ArrayLike<number>, channels: number): Quantized {
  const size = weights.length / channels
  const values = new Int8Array(weights.length)
  const scales = new Float32Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    let magnitude = 0
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      magnitude = Math.max(magnitude, Math.abs(weights[i] as number))
    }
    scales[channel] = magnitude === 0 ? 1 : magnitude / largest
    const scale = scales[channel] as number
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      values[i] = Math.max(-largest, Math.min(largest, Math.round((weights[i] as number) / scale)))
    }
  }
  return { values, scales }
}
