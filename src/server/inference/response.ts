/** The answer to an inference request. */
import { softmaxRows } from '../../core/logits.js'
import type { InferResponse } from '../schemas/inference.js'
import { joinBody } from './binary.js'
import type { CheckedRequest, OutputName } from './request.js'

/** Models have one version. */
export const VERSION = '1'

export interface InferAnswer {
  readonly body: Buffer
  /** Bytes of JSON before the tensors; null where all is JSON. */
  readonly length: number | null
}

/** From logits [count, classes] to a body. */
export function writeResponse(
  model: string,
  { id, count, outputs }: CheckedRequest,
  logits: Float32Array,
  temperature: number | null,
): InferAnswer {
  const classes = logits.length / count
  const values: Readonly<Record<OutputName, () => Float32Array>> = {
    logits: () => logits,
    probabilities: () => softmaxRows(logits, classes, temperature),
  }
  const tensors: Float32Array[] = []
  const response: InferResponse = {
    model_name: model,
    model_version: VERSION,
    ...(id === undefined ? {} : { id }),
    outputs: outputs.map(({ name, binary }) => {
      const tensor = values[name]()
      const about = { name, shape: [count, classes], datatype: 'FP32' }
      if (!binary) return { ...about, data: Array.from(tensor) }
      tensors.push(tensor)
      return { ...about, parameters: { binary_data_size: tensor.byteLength } }
    }),
  }
  const { body, length } = joinBody(response, tensors)
  return { body, length: tensors.length === 0 ? null : length }
}
