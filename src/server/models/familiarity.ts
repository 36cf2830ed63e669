/** Whether a model knows the like of an image: by its held-out logits, which are read once. */
import { FamiliarityScale } from '../../evaluate/familiarity.js'
import type { TrainedModel } from '../../train/trained-model.js'
import type { Familiarity } from '../schemas/predict.js'
import { Memo } from './memo.js'

interface Known {
  readonly scale: FamiliarityScale
  readonly threshold: number
}

const known = new Memo<Known | null>()

/** Above it an image is unlike the data; null where no held-out images could tell. */
export async function familiarityThreshold(model: TrainedModel): Promise<number | null> {
  return model.unfamiliarFrom ?? (await knownOf(model))?.threshold ?? null
}

/** Compares an image's logits [classes] with those of the held-out images; a blank image is never familiar. */
export async function familiarityOf(
  model: TrainedModel,
  logits: Float32Array,
  blank: boolean,
): Promise<Familiarity | null> {
  const by = await knownOf(model)
  if (by === null) return null
  const score = by.scale.score(logits)
  return { familiar: !blank && score <= by.threshold, score, threshold: by.threshold }
}

function knownOf(model: TrainedModel): Promise<Known | null> {
  return known.get(model.directory, model.record.startedAt, async () => {
    const heldOut = await model.heldOutLogits()
    if (heldOut === null || !FamiliarityScale.canScale(heldOut.count)) return null
    const scale = new FamiliarityScale(heldOut.logits, model.classes.length)
    return { scale, threshold: model.unfamiliarFrom ?? scale.threshold() }
  })
}
