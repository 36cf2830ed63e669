/** What models say of an image: in this browser, or on the server. */
import { isBlank } from '../../../src/infer/photo/prepare.js'
import { probabilitiesOf } from '../../../src/infer/probabilities.js'
import type { Model } from '../../../src/server/schemas/models.js'
import type { Prediction, PredictResponse } from '../../../src/server/schemas/predict.js'
import { request } from '../api/client.js'
import { logitsOf } from './client.js'
import { isFamiliar } from './familiarity.js'
import { pngOf } from './png.js'
import type { Device } from './protocol.js'

export type Where = 'browser' | 'server'

export interface Answer {
  /** By label; calibrated where the model has a temperature. */
  readonly probabilities: ArrayLike<number>
  readonly label: number
  /** Whether the image is like those the model knows; null where no held-out images could tell. */
  readonly familiar: boolean | null
  readonly device: Device | 'server'
  readonly milliseconds: number
}

export function predict(model: Model, pixels: Uint8Array, where: Where): Promise<Answer> {
  return where === 'browser' ? predictHere(model, pixels) : predictThere(model, pixels)
}

async function predictHere(model: Model, pixels: Uint8Array): Promise<Answer> {
  const { logits, device, milliseconds } = await logitsOf(model.onnx, pixels, 1)
  const probabilities = probabilitiesOf(logits, model.temperature)
  return {
    probabilities,
    label: probabilities.indexOf(Math.max(...probabilities)),
    familiar: isBlank(pixels) ? false : await isFamiliar(model, logits),
    device,
    milliseconds,
  }
}

/** Sends the 28 x 28 pixels alone, not the photo. */
async function predictThere(model: Model, pixels: Uint8Array): Promise<Answer> {
  const body = await pngOf(pixels)
  const start = performance.now()
  const path = `/api/predict?models=${encodeURIComponent(model.id)}&invert=no`
  const { images } = await request<PredictResponse>(path, { method: 'POST', body })
  const [image] = images
  if (image === undefined || 'error' in image) throw new Error(image?.error ?? 'The server sent no answer.')
  const { probabilities, label, familiarity } = image.predictions[0] as Prediction
  return {
    probabilities,
    label,
    familiar: familiarity?.familiar ?? null,
    device: 'server',
    milliseconds: performance.now() - start,
  }
}
