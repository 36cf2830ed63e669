/** Which training images a run learns from, and which it holds out. */

import { countCorrect, meanCrossEntropy } from '../core/logits.js'
import { keyOf, Random } from '../core/random.js'
import type { Dataset } from '../data/dataset.js'
import { holdOut } from '../data/split.js'
import type { Classifier } from '../engine/engine.js'
import { holdOutCount } from '../recipes/recipe.js'
import type { RunRecord } from '../runs/formats/record.js'
import type { TrainingPrograms } from './programs.js'

/** Every run of every seed holds out the same images, so that runs can be compared on them. */
const HOLD_OUT_SEED = 0

/** As much of a data set as a training sees. */
export interface TrainingImages extends Pick<Dataset, 'height' | 'width'> {
  readonly train: { readonly images: Uint8Array; readonly labels: Uint8Array; readonly count: number }
  readonly channels: number
}

export interface Subset {
  readonly train: Uint32Array
  readonly heldOut: Uint32Array
  /** Pixels of the images, so many batches, from which Batch Normalization's statistics are taken again. */
  imagesToReestimate(batches?: number): Uint8Array
}

type SubsetRequest = Pick<RunRecord, 'recipe' | 'limit' | 'limitBy' | 'overfitBatches' | 'seed'>

export function trainingSubset(
  dataset: TrainingImages,
  { recipe, limit, limitBy, overfitBatches, seed }: SubsetRequest,
): Subset {
  const { count, images } = dataset.train
  const { train: all, heldOut } = holdOut(count, holdOutCount(recipe, count), HOLD_OUT_SEED)
  const allowed = limit === null ? all : limited(all, limit, limitBy, seed)
  const train =
    overfitBatches === null ? allowed : drawn(allowed, overfitBatches * recipe.batch, keyOf(seed, 'overfit'))
  const imagesToReestimate = (batches = recipe.reestimate): Uint8Array => {
    const order = new Random(keyOf(seed, 're-estimate')).shuffle(Uint32Array.from(train))
    const chosen = order.subarray(0, batches * recipe.batch)
    return gatherImages(images, chosen, dataset.height * dataset.width * dataset.channels)
  }
  return { train, heldOut, imagesToReestimate }
}

/** So many of the images at random, since files may be sorted by class. */
function drawn(indices: Uint32Array, count: number, key: ReturnType<typeof keyOf>): Uint32Array {
  return new Random(key).shuffle(Uint32Array.from(indices)).slice(0, count)
}

/** In ascending order, as the whole set is; all of them are no draw. */
function limited(indices: Uint32Array, limit: number, by: RunRecord['limitBy'], seed: number): Uint32Array {
  return by === 'order' ? indices.slice(0, limit) : drawn(indices, limit, keyOf(seed, 'limit')).sort()
}

export function gatherImages(images: Uint8Array, indices: Uint32Array, size: number): Uint8Array {
  const gathered = new Uint8Array(indices.length * size)
  indices.forEach((index, i) => {
    gathered.set(images.subarray(index * size, (index + 1) * size), i * size)
  })
  return gathered
}

/** Scores the held-out images with the weights as they are. */
export class Validation {
  private constructor(
    private readonly classifier: Classifier,
    private readonly images: Uint8Array,
    private readonly labels: Uint8Array,
  ) {}

  static async create(
    programs: TrainingPrograms,
    { train, height, width, channels }: TrainingImages,
    indices: Uint32Array,
  ): Promise<Validation> {
    const images = gatherImages(train.images, indices, height * width * channels)
    const labels = Uint8Array.from(indices, (index) => train.labels[index] as number)
    return new Validation(await programs.classifier(), images, labels)
  }

  async score(): Promise<{ loss: number; accuracy: number }> {
    const count = this.labels.length
    const logits = await this.classifier.logits(this.images, count)
    const accuracy = countCorrect(logits, this.labels) / count
    return { accuracy, loss: meanCrossEntropy(logits, this.labels) }
  }

  dispose(): void {
    this.classifier.dispose()
  }
}
