/** Whether an image is like those that a model knows, judged in this browser as on the server. */
import { FamiliarityScale } from '../../../src/evaluate/familiarity.js'
import type { Model } from '../../../src/server/schemas/models.js'

const scales = new Map<string, Promise<FamiliarityScale | null>>()

/** By the logits [classes] of an image that is not blank; null where no held-out images could tell. */
export async function isFamiliar(model: Model, logits: Float32Array): Promise<boolean | null> {
  const { heldOutLogits, familiarityThreshold, labels } = model
  if (heldOutLogits === null || familiarityThreshold === null) return null
  const loading = scales.get(heldOutLogits) ?? load(heldOutLogits, labels.length)
  scales.set(heldOutLogits, loading)
  const scale = await loading
  return scale && scale.score(logits) <= familiarityThreshold
}

/** What can't be read says nothing: the answer itself does not wait for it. */
async function load(url: string, classes: number): Promise<FamiliarityScale | null> {
  const answer = await fetch(url).catch(() => null)
  if (!answer?.ok) return null
  return new FamiliarityScale(new Float32Array(await answer.arrayBuffer()), classes)
}
