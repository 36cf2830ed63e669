/** Why a model says what it says: by occlusion in this browser, by any method on the server. */

import { softmax } from '../../../src/core/logits.js'
import { occlusionMap } from '../../../src/explain/occlusion.js'
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

type Explain = (question: ExplainQuestion, signal?: AbortSignal) => Promise<Explained>

/** What has not been computed when the signal is aborted is left out. */
export const explain: Explain = (question, signal) =>
  question.where === 'browser' ? explainHere(question, signal) : explainThere(question, signal)

const explainHere: Explain = async ({ model, pixels, label }, signal) => {
  const ask = async (images: Uint8Array, count: number): Promise<Float32Array> =>
    (await logitsOf(model, images, count, signal)).logits
  const { logits, classIndex, values } = await occlusionMap(pixels, SHAPE, ask, label ?? undefined)
  const probability = softmax(logits, model.temperature)[classIndex] as number
  return { label: classIndex, probability, values }
}

const explainThere: Explain = async ({ model, pixels, method, label }, signal) => {
  const query = new URLSearchParams({ model: model.id, method, invert: 'no' })
  if (label !== null) query.set('class', String(label))
  const answer = await request<ExplainResponse>(`/api/explain?${query}`, {
    method: 'POST',
    body: await pngOf(pixels),
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    label: answer.label,
    probability: answer.probabilities[answer.label] as number,
    values: answer.values,
  }
}
