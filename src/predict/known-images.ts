/**
 * What a trained model knows: its held-out images' logits, with which those of other images are compared. Pure
 * computation without Node: the browser runs the same.
 */
import { type Familiarity, FamiliarityScale } from '../evaluate/familiarity.js'
import type { TrainedModel } from '../runs/trained-model.js'

export class KnownImages {
  private readonly scale: FamiliarityScale

  /**
   * @param heldOut - Logits [n, classes] of at least 6 held-out images.
   * @param found - The threshold, where it is known.
   */
  constructor(
    heldOut: Float32Array,
    classes: number,
    private found: number | null,
  ) {
    this.scale = new FamiliarityScale(heldOut, classes)
  }

  /**
   * Null where too few images were held out to tell.
   *
   * @throws AtelierError for a damaged file.
   */
  static async of(
    model: Pick<TrainedModel, 'heldOutLogits' | 'classes' | 'unfamiliarFrom'>,
  ): Promise<KnownImages | null> {
    const heldOut = await model.heldOutLogits()
    if (heldOut === null || !FamiliarityScale.canScale(heldOut.count)) return null
    return new KnownImages(heldOut.logits, model.classes.length, model.unfamiliarFrom)
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
