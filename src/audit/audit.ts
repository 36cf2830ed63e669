/** Looks a data set over: labels that look wrong, images that are there twice, what the classes are like. */

import { countCorrect } from '../core/logits.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { auditLabels, type LabelAudit } from './confident-learning.js'
import { type Duplicates, findDuplicates } from './duplicates.js'
import { FOLDS, predictAll } from './quick-model.js'
import { type ClassStatistics, classStatistics } from './statistics.js'

export interface Audit {
  readonly folds: number
  readonly seed: number
  readonly seconds: number
  /** By the labels, and the share of images whose likeliest class is their label: how good the judge is. */
  readonly labels: Readonly<Record<'train' | 'test', LabelAudit & { readonly agreement: number }>>
  readonly duplicates: Duplicates
  readonly classes: Readonly<Record<'train' | 'test', readonly ClassStatistics[]>>
}

/** Pairs of near-duplicates of each kind, and images of each list that are shown. */
export const SHOWN = 100

/**
 * Audits both splits; `onProgress` hears of the share of the work that is done. Training images are judged by models of
 * the other folds, test images by a model of all training images. The same seed gives the same audit on the same engine
 * and threads.
 */
export async function auditDataset(
  dataset: Dataset,
  engine: Engine,
  seed: number,
  onProgress: (share: number) => void = () => {},
): Promise<Audit> {
  const start = performance.now()
  const { train, test, height, width, channels } = dataset
  const [classes, size] = [dataset.classes.length, height * width * channels]
  const statistics = {
    train: classStatistics(train, size, classes),
    test: classStatistics(test, size, classes),
  }
  const duplicates = findDuplicates(dataset, SHOWN)
  const predictions = await predictAll(dataset, engine, seed, onProgress)
  const judge = (split: 'train' | 'test') => {
    const { labels } = dataset[split]
    const agreement = countCorrect(predictions[split], labels) / labels.length
    return { ...auditLabels(predictions[split], labels, classes), agreement }
  }
  const labels = { train: judge('train'), test: judge('test') }
  const seconds = (performance.now() - start) / 1000
  return { folds: FOLDS, seed, seconds, labels, duplicates, classes: statistics }
}
