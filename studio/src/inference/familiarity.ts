/** Whether an image is like those that a model has learned from. */
import type { Model } from '../../../src/server/schemas/models.js'

export function isFamiliar(_model: Model, _pixels: Uint8Array, _logits: Float32Array): boolean | null {
  return null
}
