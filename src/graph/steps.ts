/**
 * The vocabulary that plans are written in and engines speak: one entry a step.
 *
 * Names of operands are oneDNN's (`src`, `dst`, `weights`, `diff*`). An operand is the index of a tensor in
 * the plan. Images are NHWC and dense activations [n, features] in the logical view; convolution weights are
 * OIHW, dense weights [out, in]. A dense step may read an NHWC tensor: it is flattened in the order h, w, c.
 */
export type TensorId = number

/** Rows and columns. */
export type Pair = readonly [number, number]

/** Top, left, bottom, right. */
export type Padding = readonly [number, number, number, number]

export interface StepFields {
  /** dst = scale * src + shift; src holds pixels 0 ... 255 as u8 or f32. */
  rescale: { src: TensorId; dst: TensorId; scale: number; shift: number }

  /** dst = [relu](weights * src + bias), a cross-correlation over zero-padded images. */
  convolution: {
    src: TensorId
    weights: TensorId
    bias: TensorId
    dst: TensorId
    strides: Pair
    padding: Padding
    relu: boolean
  }
  convolutionBackwardData: {
    diffDst: TensorId
    weights: TensorId
    diffSrc: TensorId
    strides: Pair
    padding: Padding
  }
  convolutionBackwardWeights: {
    src: TensorId
    diffDst: TensorId
    diffWeights: TensorId
    diffBias: TensorId
    strides: Pair
    padding: Padding
  }

  /** dst = [relu](src weights^T + bias). */
  dense: { src: TensorId; weights: TensorId; bias: TensorId; dst: TensorId; relu: boolean }
  denseBackwardData: { diffDst: TensorId; weights: TensorId; diffSrc: TensorId }
  denseBackwardWeights: { src: TensorId; diffDst: TensorId; diffWeights: TensorId; diffBias: TensorId }

  /**
   * dst = [relu](gamma (src - mean) / sqrt(variance + epsilon) + beta) by channel (the last axis), with the
   * batch's mean and biased variance, which the step writes. With relu, `mask` keeps what its backward needs.
   */
  batchNormalization: {
    src: TensorId
    gamma: TensorId
    beta: TensorId
    dst: TensorId
    mean: TensorId
    variance: TensorId
    mask: TensorId | null
    epsilon: number
    relu: boolean
  }
  /** The same with given statistics, which the step reads. */
  batchNormalizationInference: {
    src: TensorId
    gamma: TensorId
    beta: TensorId
    mean: TensorId
    variance: TensorId
    dst: TensorId
    epsilon: number
    relu: boolean
  }
  batchNormalizationBackward: {
    src: TensorId
    diffDst: TensorId
    gamma: TensorId
    beta: TensorId
    mean: TensorId
    variance: TensorId
    mask: TensorId | null
    diffSrc: TensorId
    diffGamma: TensorId
    diffBeta: TensorId
    epsilon: number
    relu: boolean
  }
  /** dst += rate (src - dst), elementwise; with `hyper`, rate is its element `Hyper.statistics`. */
  blend: { src: TensorId; dst: TensorId; rate: number; hyper: TensorId | null }

  relu: { src: TensorId; dst: TensorId }
  /** diffSrc = diffDst where dst > 0, else 0. */
  reluBackward: { dst: TensorId; diffDst: TensorId; diffSrc: TensorId }

  /** Padding counts as minus infinity. `indices` (null in inference) keeps where each maximum was. */
  maxPooling: {
    src: TensorId
    dst: TensorId
    indices: TensorId | null
    window: Pair
    strides: Pair
    padding: Padding
  }
  maxPoolingBackward: {
    diffDst: TensorId
    indices: TensorId
    diffSrc: TensorId
    window: Pair
    strides: Pair
    padding: Padding
  }

  /** [n, h, w, c] to [n, c]: the mean over h and w. */
  globalAveragePooling: { src: TensorId; dst: TensorId }
  globalAveragePoolingBackward: { diffDst: TensorId; diffSrc: TensorId }

  /**
   * Inverted dropout, forward and (over gradients) backward alike. Element i in the logical order is kept when
   * the 16 bits `(mix(key[0] ^ salt, key[1] + salt, i >> 1) >>> (i & 1 ? 16 : 0)) & 0xffff` are at least
   * threshold = round(65536 rate), and then multiplied by 65536 / (65536 - threshold).
   */
  dropout: { src: TensorId; dst: TensorId; key: TensorId; salt: number; rate: number }

  /** dst = src, the same elements in the logical order under another shape. */
  reshape: { src: TensorId; dst: TensorId }

  /** dst = [relu](a + b). */
  add: { a: TensorId; b: TensorId; dst: TensorId; relu: boolean }

  /**
   * Weighted mean over the batch, sum(w_i loss_i) / sum(w_i), of the cross-entropy with t = (1 - smoothing) onehot +
   * smoothing / classes, or, where a teacher gives `targets` (probabilities, [n, classes]), with t = (1 - share) that +
   * share targets. `exampleWeights` [n] are the w_i, at least 0; without them each is 1. Where all are 0, so are loss
   * and gradient. metrics = [n times the mean, number of images whose largest logit is at the label];
   * diffLogits_i = (softmax(logits_i) - t_i) w_i / sum(w).
   */
  softmaxCrossEntropy: {
    logits: TensorId
    labels: TensorId
    targets: TensorId | null
    exampleWeights: TensorId | null
    metrics: TensorId
    diffLogits: TensorId
    smoothing: number
    share: number
  }

  /**
   * Adam as Keras 2 writes it, weight decay decoupled, over every parameter in one pass:
   * m += (1 - beta1)(g - m); v += (1 - beta2)(g^2 - v);
   * w -= hyper.decay w where `decays`; w -= hyper.rate m / (sqrt(v) + epsilon), the bias corrections being in
   * hyper.rate; average += hyper.average (w - average) where there is one.
   */
  adam: {
    hyper: TensorId
    parameters: readonly AdamParameter[]
    beta1: number
    beta2: number
    epsilon: number
  }
  /**
   * SGD as PyTorch writes it: g += hyper.decay w where `decays`; u = momentum u + g;
   * w -= hyper.rate (nesterov ? g + momentum u : u); the average as in adam.
   */
  sgd: {
    hyper: TensorId
    parameters: readonly SgdParameter[]
    momentum: number
    nesterov: boolean
  }
}

interface UpdatedParameter {
  weights: TensorId
  gradient: TensorId
  average: TensorId | null
  decays: boolean
}
export interface AdamParameter extends UpdatedParameter {
  mean: TensorId
  variance: TensorId
}
export interface SgdParameter extends UpdatedParameter {
  velocity: TensorId
}

export type StepKind = keyof StepFields
export type StepOf<K extends StepKind> = { readonly kind: K } & Readonly<StepFields[K]>
export type Step = { [K in StepKind]: StepOf<K> }[StepKind]

/** Places in the `hyper` input (f32): the values that change from step to step. */
export const Hyper = { rate: 0, decay: 1, average: 2, statistics: 3, size: 4 } as const

/** Which operands each kind reads and writes; `inPlace` names the read whose memory the first write may take. */
interface Access {
  reads: readonly string[]
  writes: readonly string[]
  inPlace?: string
}
const access: { [K in StepKind]: Access } = {
  rescale: { reads: ['src'], writes: ['dst'] },
  convolution: { reads: ['src', 'weights', 'bias'], writes: ['dst'] },
  convolutionBackwardData: { reads: ['diffDst', 'weights'], writes: ['diffSrc'] },
  convolutionBackwardWeights: { reads: ['src', 'diffDst'], writes: ['diffWeights', 'diffBias'] },
  dense: { reads: ['src', 'weights', 'bias'], writes: ['dst'] },
  denseBackwardData: { reads: ['diffDst', 'weights'], writes: ['diffSrc'] },
  denseBackwardWeights: { reads: ['src', 'diffDst'], writes: ['diffWeights', 'diffBias'] },
  batchNormalization: { reads: ['src', 'gamma', 'beta'], writes: ['dst', 'mean', 'variance', 'mask'] },
  batchNormalizationInference: { reads: ['src', 'gamma', 'beta', 'mean', 'variance'], writes: ['dst'] },
  batchNormalizationBackward: {
    reads: ['src', 'diffDst', 'gamma', 'beta', 'mean', 'variance', 'mask'],
    writes: ['diffSrc', 'diffGamma', 'diffBeta'],
    inPlace: 'diffDst',
  },
  blend: { reads: ['src', 'dst', 'hyper'], writes: ['dst'] },
  relu: { reads: ['src'], writes: ['dst'], inPlace: 'src' },
  reluBackward: { reads: ['dst', 'diffDst'], writes: ['diffSrc'], inPlace: 'diffDst' },
  maxPooling: { reads: ['src'], writes: ['dst', 'indices'] },
  maxPoolingBackward: { reads: ['diffDst', 'indices'], writes: ['diffSrc'] },
  globalAveragePooling: { reads: ['src'], writes: ['dst'] },
  globalAveragePoolingBackward: { reads: ['diffDst'], writes: ['diffSrc'] },
  dropout: { reads: ['src', 'key'], writes: ['dst'], inPlace: 'src' },
  reshape: { reads: ['src'], writes: ['dst'] },
  add: { reads: ['a', 'b'], writes: ['dst'], inPlace: 'a' },
  softmaxCrossEntropy: {
    reads: ['logits', 'labels', 'targets', 'exampleWeights'],
    writes: ['metrics', 'diffLogits'],
  },
  adam: { reads: ['hyper'], writes: [] },
  sgd: { reads: ['hyper'], writes: [] },
}

export interface Operands {
  readonly reads: readonly TensorId[]
  readonly writes: readonly TensorId[]
  /** The tensor that the first written one may overwrite, element by element. */
  readonly inPlace: TensorId | null
}

/** The tensors a step reads and writes, for lifetimes, printing and comparison. */
export function operandsOf(step: Step): Operands {
  const { reads, writes, inPlace } = access[step.kind]
  const fields = step as unknown as Readonly<Record<string, TensorId | null>>
  const pick = (names: readonly string[]): TensorId[] =>
    names.map((name) => fields[name] ?? null).filter((id) => id !== null)
  if (step.kind !== 'adam' && step.kind !== 'sgd') {
    return { reads: pick(reads), writes: pick(writes), inPlace: inPlace ? (fields[inPlace] ?? null) : null }
  }
  const updated = step.parameters.flatMap((parameter) => [
    parameter.weights,
    ...('velocity' in parameter ? [parameter.velocity] : [parameter.mean, parameter.variance]),
    ...(parameter.average === null ? [] : [parameter.average]),
  ])
  const gradients = step.parameters.map((parameter) => parameter.gradient)
  return { reads: [...pick(reads), ...gradients, ...updated], writes: updated, inPlace: null }
}
