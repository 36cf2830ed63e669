/** What models say of an image: in this browser, or on the server. */

import { answerOf } from '../../../src/predict/answer.js'
import type { Model } from '../../../src/server/schemas/models.js'
import type { Prediction, PredictResponse } from '../../../src/server/schemas/predict.js'
import { request } from '../api/client.js'
import { StudioError } from '../text/studio-error.js'
import { logitsOf } from './client.js'
import { knownImagesOf } from './familiarity.js'
import { pngOf } from './png.js'
import type { Device } from './protocol.js'

export type Where = 'browser' | 'server'

export interface Answer {
  /** By label; calibrated where the model has a temperature. */
  readonly probabilities: ArrayLike<number>
  readonly label: number
  /** The image is blank or like nothing the model knows; null where that is unknown. */
  readonly unfamiliar: boolean | null
  readonly device: Device | 'server'
  readonly milliseconds: number
}

/** What a model makes of an image; where the signal is aborted before it was begun, it never is. */
export function predict(
  model: Model,
  pixels: Uint8Array,
  where: Where,
  signal: AbortSignal,
): Promise<Answer> {
  return where === 'browser' ? predictHere(model, pixels, signal) : predictThere(model, pixels, signal)
}

async function predictHere(model: Model, pixels: Uint8Array, signal: AbortSignal): Promise<Answer> {
  const { logits, device, milliseconds } = await logitsOf(model, pixels, 1, signal)
  const { labels: classes, temperature } = model
  const facts = { classes, temperature, known: await knownImagesOf(model) }
  return { ...answerOf(pixels, logits, facts), device, milliseconds }
}

/** Sends the 28 x 28 pixels alone, not the photo. */
async function predictThere(model: Model, pixels: Uint8Array, signal: AbortSignal): Promise<Answer> {
  const body = await pngOf(pixels)
  const start = performance.now()
  const path = `/api/predict?models=${encodeURIComponent(model.id)}&invert=no`
  const { images } = await request<PredictResponse>(path, { method: 'POST', body, signal })
  const [image] = images
  if (image === undefined) throw new StudioError('noAnswer')
  if ('error' in image) throw new StudioError('server', image.error)
  const { probabilities, label, familiarity } = image.predictions[0] as Prediction
  return {
    probabilities,
    label,
    unfamiliar: familiarity && !familiarity.familiar,
    device: 'server',
    milliseconds: performance.now() - start,
  }
}
