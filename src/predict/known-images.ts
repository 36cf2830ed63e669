/** What a trained model knows: its held-out images' logits, with which those of other images are compared. */
import { type Familiarity, FamiliarityScale } from '../evaluate/familiarity.js'
import { isBlank } from '../photo/prepare.js'
import type { TrainedModel } from '../runs/trained-model.js'

export class KnownImages {
  private constructor(
    private readonly scale: FamiliarityScale,
    private found: number | null,
  ) {}

  /**
   * Null where too few images were held out to tell.
   *
   * @throws AtelierError for a damaged file.
   */
  static async of(model: TrainedModel): Promise<KnownImages | null> {
    const heldOut = await model.heldOutLogits()
    if (heldOut === null || !FamiliarityScale.canScale(heldOut.count)) return null
    return new KnownImages(new FamiliarityScale(heldOut.logits, model.classes.length), model.unfamiliarFrom)
  }

  /** Releases have it stored; of a run with images held out it is found within a second, when it is first wanted. */
  get threshold(): number {
    this.found ??= this.scale.threshold()
    return this.found
  }

  /** Compares an image's logits [classes]. */
  compare(logits: Float32Array): Familiarity {
    return { score: this.scale.score(logits), threshold: this.threshold }
  }
}

/** Whether an image is blank or beyond the threshold, so that its classes mean nothing; null where that is unknown. */
export const isUnfamiliar = (image: Uint8Array, familiarity: Familiarity | null): boolean | null =>
  isBlank(image) || (familiarity && familiarity.score > familiarity.threshold)
