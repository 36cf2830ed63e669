/** Whether an image is like those that a model knows, judged in this browser as on the server. */
import { Memo } from '../../../src/core/memo.js'
import { FamiliarityScale } from '../../../src/evaluate/familiarity.js'
import type { Model } from '../../../src/server/schemas/models.js'
import { requestBytes } from '../api/client.js'

const scales = new Memo<FamiliarityScale>()

/** By the logits [classes] of an image that is not blank; null where no held-out images could tell. */
export async function isFamiliar(model: Model, logits: Float32Array): Promise<boolean | null> {
  const { heldOutLogits, familiarityThreshold, labels, startedAt } = model
  if (heldOutLogits === null || familiarityThreshold === null) return null
  // What can't be read says nothing this time: the answer itself does not wait for it.
  const scale = await scales
    .get(heldOutLogits, startedAt, () => load(heldOutLogits, labels.length))
    .catch(() => null)
  return scale && scale.score(logits) <= familiarityThreshold
}

async function load(url: string, classes: number): Promise<FamiliarityScale> {
  return new FamiliarityScale(new Float32Array(await requestBytes(url)), classes)
}
