/** Whether an image is like those that a model knows: by its held-out logits, which are read once. */
import { Memo } from '../../core/memo.js'
import type { Answer } from '../../predict/answer.js'
import { KnownImages } from '../../predict/known-images.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { Familiarity } from '../schemas/predict.js'

/** By the opened model, which is another one as soon as one of its files has changed. */
const known = new WeakMap<TrainedModel, Memo<KnownImages | null>>()

/** Null where too few images were held out to tell. */
export function knownImagesOf(model: TrainedModel): Promise<KnownImages | null> {
  const kept = known.get(model) ?? new Memo<KnownImages | null>(1)
  known.set(model, kept)
  return kept.get('known', '', () => KnownImages.of(model))
}

/** Above it an image is unlike the data; null where no held-out images could tell. */
export async function familiarityThreshold(model: TrainedModel): Promise<number | null> {
  return model.unfamiliarFrom ?? (await knownImagesOf(model))?.threshold ?? null
}

/** As the API tells of it; null where nothing could tell. */
export function familiarityOf({ unfamiliar, familiarity }: Answer): Familiarity | null {
  if (unfamiliar === null) return null
  const { score, threshold } = familiarity ?? { score: null, threshold: null }
  return { familiar: !unfamiliar, score, threshold }
}
