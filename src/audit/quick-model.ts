/** Predictions for every image by models that did not learn from it. */

import { rowOf, softmaxRows } from '../core/logits.js'
import { keyOf, Random } from '../core/random.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import { batchNormalization, dense, dropout, flatten, input, sequential } from '../graph/layers.js'
import { kerasAdam, standardized } from '../recipes/base.js'
import type { Recipe } from '../recipes/recipe.js'
import { gatherImages } from '../train/subsets.js'
import { openTemporaryTraining } from '../train/temporary.js'

/** Of the training images; each part is predicted by a model of the others. */
export const FOLDS = 5

/** Of 48,000 images: seconds a model, by few epochs, large batches, averaged weights; the regularization keeps the probabilities honest. */
const recipe: Recipe = {
  epochs: 6,
  batch: 256,
  precision: 'auto',
  holdOut: 0,
  pixels: standardized,
  optimizer: { ...kerasAdam, weightDecay: 0.1 },
  schedule: { kind: 'oneCycle', learningRate: 4e-3, warmup: 0.25, final: 1e-3, restart: 0 },
  smoothing: 0,
  dropout: null,
  zeroInitResidual: false,
  teacher: null,
  average: 0.99,
  reestimate: 0,
  augmentation: null,
  classWeights: null,
  earlyStopping: null,
}

/** Fewer images make smaller batches, so that there are steps enough to learn by. */
const recipeFor = (images: number): Recipe => {
  const batch = 2 ** Math.floor(Math.log2(images / 100))
  return { ...recipe, batch: Math.min(recipe.batch, Math.max(16, batch)) }
}

/** Steps a call to the engine. */
const CHUNK_STEPS = 32

/** `dnn` with Dropout, for images of any size and any number of classes. */
const quickModel = ({ height, width, channels, classes }: Dataset): Graph =>
  sequential(
    'audit',
    input(height, width, channels),
    flatten(),
    batchNormalization(),
    dense(256, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.2),
    dense(192, { activation: 'relu' }),
    dropout(0.2),
    dense(128, { activation: 'relu' }),
    dense(classes.length),
  )

export interface Predictions {
  /** [count, classes] probabilities of the training images, each by a model that never saw it, and of the test images. */
  readonly train: Float32Array
  readonly test: Float32Array
}

/** Trains a model for each fold and one on all training images. */
export async function predictAll(
  dataset: Dataset,
  engine: Engine,
  seed: number,
  onProgress: (share: number) => void = () => {},
): Promise<Predictions> {
  const { train, test, classes } = dataset
  const size = dataset.height * dataset.width * dataset.channels
  const all = Uint32Array.from({ length: train.count }, (_, index) => index)
  const probabilities = new Float32Array(train.count * classes.length)
  // A fold's model sees a fold less than the last.
  const passes = FOLDS * (1 - 1 / FOLDS) + 1
  let seen = 0
  const judge = async (indices: Uint32Array, images: Uint8Array, fold: number): Promise<Float32Array> => {
    const onImages = (count: number): void => {
      seen += count
      onProgress(seen / (passes * recipe.epochs * train.count))
    }
    return predict({ dataset, engine, indices, images, seed: seed + fold, onImages })
  }
  for (const [fold, { others, part }] of folds(all, seed).entries()) {
    const images = gatherImages(train.images, part, size)
    const predicted = await judge(others, images, fold)
    part.forEach((index, i) => {
      const row = rowOf(predicted, i, classes.length)
      probabilities.set(row, index * classes.length)
    })
  }
  return { train: probabilities, test: await judge(all, test.images, FOLDS) }
}

/** Parts of nearly equal size, drawn by the seed; all ascending. */
export function folds(all: Uint32Array, seed: number): { others: Uint32Array; part: Uint32Array }[] {
  const order = new Random(keyOf(seed, 'folds')).shuffle(Uint32Array.from(all))
  const bound = (fold: number): number => Math.round((fold * all.length) / FOLDS)
  return Array.from({ length: FOLDS }, (_, fold) => {
    const part = order.slice(bound(fold), bound(fold + 1)).sort()
    const chosen = new Set(part)
    return { others: all.filter((index) => !chosen.has(index)), part }
  })
}

interface Judgement {
  readonly dataset: Dataset
  readonly engine: Engine
  /** The training images to learn from, and the pixels of the images to judge. */
  readonly indices: Uint32Array
  readonly images: Uint8Array
  readonly seed: number
  /** Hears how many more images were learned from. */
  readonly onImages: (count: number) => void
}

/** Probabilities [images, classes]. */
async function predict(judgement: Judgement): Promise<Float32Array> {
  const { dataset, engine, indices, images, seed, onImages } = judgement
  const graph = quickModel(dataset)
  const recipe = recipeFor(indices.length)
  const options = { engine, graph, recipe, dataset, indices, seed, chunkSteps: CHUNK_STEPS }
  const training = await openTemporaryTraining(options)
  try {
    for await (const chunk of training.run()) onImages(chunk.images)
    const classifier = await training.programs.classifier()
    const count = images.length / (dataset.height * dataset.width * dataset.channels)
    const logits = await classifier.logits(images, count)
    classifier.dispose()
    return softmaxRows(logits, classifier.classes)
  } finally {
    await training.close()
  }
}
