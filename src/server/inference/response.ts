/** The answer to an inference request. */
import { probabilitiesOf } from '../../core/logits.js'
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
    probabilities: () => allProbabilities(logits, classes, temperature),
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

function allProbabilities(logits: Float32Array, classes: number, temperature: number | null): Float32Array {
  const all = new Float32Array(logits.length)
  for (let at = 0; at < logits.length; at += classes) {
    all.set(probabilitiesOf(logits.subarray(at, at + classes), temperature), at)
  }
  return all
}
