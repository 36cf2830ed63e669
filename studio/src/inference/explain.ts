/** Why a model says what it says: by occlusion in this browser, by any method on the server. */
import { occlusionMap } from '../../../src/infer/explain/occlusion.js'
import { probabilitiesOf } from '../../../src/infer/probabilities.js'
import type { Model } from '../../../src/server/schemas/models.js'
import type { ExplainResponse, Method } from '../../../src/server/schemas/predict.js'
import { request } from '../api/client.js'
import { logitsOf } from './client.js'
import { pngOf } from './png.js'
import type { Where } from './predict.js'

const SHAPE = { height: 28, width: 28, channels: 1 }

export interface Explained {
  readonly label: number
  readonly probability: number
  /** [28, 28]: the larger, the more a place speaks for the class. */
  readonly values: ArrayLike<number>
}

export interface ExplainQuestion {
  readonly model: Model
  readonly pixels: Uint8Array
  readonly where: Where
  readonly method: Method
  /** Null: the class that the model names. */
  readonly label: number | null
}

export function explain(question: ExplainQuestion): Promise<Explained> {
  return question.where === 'browser' ? explainHere(question) : explainThere(question)
}

async function explainHere({ model, pixels, label }: ExplainQuestion): Promise<Explained> {
  const ask = async (images: Uint8Array, count: number): Promise<Float32Array> =>
    (await logitsOf(model.onnx, images, count)).logits
  const { logits, classIndex, values } = await occlusionMap(pixels, SHAPE, ask, label ?? undefined)
  const probability = probabilitiesOf(logits, model.temperature)[classIndex] as number
  return { label: classIndex, probability, values }
}

async function explainThere({ model, pixels, method, label }: ExplainQuestion): Promise<Explained> {
  const query = new URLSearchParams({ model: model.id, method, invert: 'no' })
  if (label !== null) query.set('class', String(label))
  const answer = await request<ExplainResponse>(`/api/explain?${query}`, {
    method: 'POST',
    body: await pngOf(pixels),
  })
  return {
    label: answer.label,
    probability: answer.probabilities[answer.label] as number,
    values: answer.values,
  }
}
