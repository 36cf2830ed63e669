/** What a model knows, for answers in this browser as on the server. */
import { Memo } from '../../../src/core/memo.js'
import { KnownImages } from '../../../src/predict/known-images.js'
import type { Model } from '../../../src/server/schemas/models.js'
import { requestBytes } from '../api/client.js'

const memo = new Memo<KnownImages>()

/** Null where no held-out images could tell. */
export async function knownImagesOf(model: Model): Promise<KnownImages | null> {
  const { heldOutLogits, familiarityThreshold, labels, version } = model
  if (heldOutLogits === null || familiarityThreshold === null) return null
  const load = async (): Promise<KnownImages> => {
    const logits = new Float32Array(await requestBytes(heldOutLogits))
    return new KnownImages(logits, labels.length, familiarityThreshold)
  }
  // What can't be read says nothing this time: the answer itself does not wait for it.
  return memo.get(heldOutLogits, version, load).catch(() => null)
}
