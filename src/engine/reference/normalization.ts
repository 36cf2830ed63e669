/** Batch Normalization over the last axis. */
import type { TensorId } from '../../graph/steps.js'
import type { Values } from '../engine.js'
import { atOnce } from './kernel.js'
import type { Tensors } from './memory.js'

/** Writes the mean and the biased variance of every channel of src. */
function moments(src: Values, mean: Values, variance: Values): void {
  const channels = mean.length
  const rows = src.length / channels
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  for (let i = 0, c = 0; i < src.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    sums[c] = (sums[c] as number) + (src[i] as number)
  }
  for (let c = 0; c < channels; c++) sums[c] = (sums[c] as number) / rows
  for (let i = 0, c = 0; i < src.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    squares[c] = (squares[c] as number) + ((src[i] as number) - (sums[c] as number)) ** 2
  }
  mean.set(sums)
  variance.set(squares.map((sum) => sum / rows))
}

interface Normalization {
  readonly src: TensorId
  readonly gamma: TensorId
  readonly beta: TensorId
  readonly mean: TensorId
  readonly variance: TensorId
  readonly dst: TensorId
  readonly epsilon: number
  readonly relu: boolean
}

/** dst = [relu](gamma (src - mean) / sqrt(variance + epsilon) + beta). */
function normalize(step: Normalization, tensors: Tensors): void {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const [mean, beta] = [tensors.values(step.mean), tensors.values(step.beta)]
  const scale = scales(tensors.values(step.gamma), tensors.values(step.variance), step.epsilon)
  const channels = scale.length
  for (let i = 0, c = 0; i < src.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    const value = ((src[i] as number) - (mean[c] as number)) * (scale[c] as number) + (beta[c] as number)
    dst[i] = step.relu && value < 0 ? 0 : value
  }
}

/** gamma / sqrt(variance + epsilon), by channel. */
function scales(gamma: Values, variance: Values, epsilon: number): Float64Array {
  return Float64Array.from(variance, (value, c) => (gamma[c] as number) / Math.sqrt(value + epsilon))
}

export const batchNormalization = atOnce<'batchNormalization'>((step, tensors) => {
  moments(tensors.values(step.src), tensors.values(step.mean), tensors.values(step.variance))
  normalize(step, tensors)
  if (step.mask === null) return
  const [mask, dst] = [tensors.words(step.mask), tensors.values(step.dst)]
  for (let i = 0; i < dst.length; i++) mask[i] = (dst[i] as number) > 0 ? 1 : 0
})

export const batchNormalizationInference = atOnce<'batchNormalizationInference'>(normalize)

/**
 * With x = (src - mean) / sqrt(variance + epsilon), g = diffDst (zero where the ReLU was) and m values a
 * channel: diffBeta = sum g, diffGamma = sum g x and
 * diffSrc = gamma / sqrt(variance + epsilon) (g - diffBeta / m - x diffGamma / m).
 */
export const batchNormalizationBackward = atOnce<'batchNormalizationBackward'>((step, tensors) => {
  const [src, diffDst, diffSrc] = [step.src, step.diffDst, step.diffSrc].map((id) => tensors.values(id)) as [
    Values,
    Values,
    Values,
  ]
  const [mean, variance] = [tensors.values(step.mean), tensors.values(step.variance)]
  const mask = step.mask === null ? null : tensors.words(step.mask)
  const channels = mean.length
  const rows = src.length / channels
  const inverse = Float64Array.from(variance, (value) => 1 / Math.sqrt(value + step.epsilon))
  const scale = scales(tensors.values(step.gamma), variance, step.epsilon)
  const [sums, products] = [new Float64Array(channels), new Float64Array(channels)]
  for (let i = 0, c = 0; i < src.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    if (mask !== null && mask[i] === 0) continue
    const gradient = diffDst[i] as number
    const normal = ((src[i] as number) - (mean[c] as number)) * (inverse[c] as number)
    sums[c] = (sums[c] as number) + gradient
    products[c] = (products[c] as number) + gradient * normal
  }
  for (let i = 0, c = 0; i < src.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    const gradient = mask !== null && mask[i] === 0 ? 0 : (diffDst[i] as number)
    const normal = ((src[i] as number) - (mean[c] as number)) * (inverse[c] as number)
    const common = ((sums[c] as number) + normal * (products[c] as number)) / rows
    diffSrc[i] = (scale[c] as number) * (gradient - common)
  }
  tensors.values(step.diffBeta).set(sums)
  tensors.values(step.diffGamma).set(products)
})
