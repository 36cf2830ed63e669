/** Whether a model knows the like of an image: by its held-out logits, which are read once. */
import { Memo } from '../../core/memo.js'
import { KnownImages } from '../../predict/known-images.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { Familiarity } from '../schemas/predict.js'

const known = new Memo<KnownImages | null>()

/** Above it an image is unlike the data; null where no held-out images could tell. */
export async function familiarityThreshold(model: TrainedModel): Promise<number | null> {
  return model.unfamiliarFrom ?? (await knownOf(model))?.threshold ?? null
}

/**
 * Compares an image's logits [classes] with those of the held-out images. A blank image is never familiar, whatever was
 * held out; of others null tells that no held-out images could say.
 */
export async function familiarityOf(
  model: TrainedModel,
  logits: Float32Array,
  blank: boolean,
): Promise<Familiarity | null> {
  const by = await knownOf(model)
  if (by === null) return blank ? { familiar: false, score: null, threshold: null } : null
  const { score, threshold } = by.compare(logits)
  return { familiar: !blank && score <= threshold, score, threshold }
}

function knownOf(model: TrainedModel): Promise<KnownImages | null> {
  return known.get(model.directory, model.record.startedAt, () => KnownImages.of(model))
}
