/** Whether a model knows the like of an image. */
import type { TrainedModel } from '../../train/trained-model.js'
import type { Familiarity } from '../schemas/predict.js'

/** Above it an image is unlike the data; null where no held-out images could tell. */
export async function familiarityThreshold(_model: TrainedModel): Promise<number | null> {
  return null
}

export async function familiarityOf(
  _model: TrainedModel,
  _logits: Float32Array,
): Promise<Familiarity | null> {
  return null
}
