/**
 * The best that we know for each model within about an hour on one core, half that on two, chosen on 5,000 held-out
 * training images: results/recipes-log.md tells what was tried.
 */
import type { ModelName } from '../models/index.js'
import { adamW, ours } from './base.js'
import type { Recipe } from './recipe.js'

const cosine = (learningRate: number, warmup: number): Recipe['schedule'] => ({
  kind: 'cosine',
  learningRate,
  warmup,
  final: 1e-3,
  restart: 0,
})

/** Small nets have no room for more: every image a little turned, scaled and moved, by less than a pixel. */
const jitter: Recipe['augmentation'] = {
  affine: { rotation: 2, zoom: [0.98, 1.02], shear: 0, shift: 0.015 },
  translate: 0,
  translateUntil: 1,
  horizontalFlip: 'none',
  verticalFlip: 0,
  erase: null,
  paste: null,
}

/** Garments may be mirrored, moved by a pixel and partly covered, and stay what they are. */
export const flipShiftErase: NonNullable<Recipe['augmentation']> = {
  affine: null,
  translate: 1,
  translateUntil: 1,
  horizontalFlip: 'alternate',
  verticalFlip: 0,
  erase: { probability: 0.3, area: [0.02, 0.2], aspect: 3, fill: 'zero' },
  paste: null,
}

export const tuned: Readonly<Record<ModelName, Recipe>> = {
  nn: {
    ...ours,
    epochs: 150,
    batch: 64,
    optimizer: adamW(0.2),
    schedule: cosine(2e-3, 0.1),
    average: 0.999,
    augmentation: jitter,
  },
  dnn: {
    ...ours,
    epochs: 100,
    batch: 128,
    optimizer: adamW(0.2),
    schedule: cosine(2e-3, 0.1),
    smoothing: 0.05,
    dropout: 0.2,
    average: 0.999,
    augmentation: jitter,
  },
  cnn: {
    ...ours,
    epochs: 36,
    batch: 128,
    optimizer: adamW(0.15),
    schedule: cosine(2e-3, 0.15),
    smoothing: 0.05,
    dropout: 0.1,
    average: 0.999,
    augmentation: flipShiftErase,
  },
  resnet50: {
    ...ours,
    epochs: 24,
    batch: 128,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
    schedule: cosine(0.1, 0.15),
    smoothing: 0.1,
    zeroInitResidual: true,
    average: 0.999,
    augmentation: flipShiftErase,
  },
}
