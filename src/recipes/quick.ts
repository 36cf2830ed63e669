/** Minutes on two cores: few epochs of AdamW under one cycle of the learning rate. */
import type { ModelName } from '../models/index.js'
import { adamW, ours } from './base.js'
import type { Recipe } from './recipe.js'

const cycle = (learningRate: number): Recipe['schedule'] => ({
  kind: 'oneCycle',
  learningRate,
  warmup: 0.25,
  final: 1e-3,
  restart: 0,
})

const flipAndShift: Recipe['augmentation'] = {
  affine: null,
  translate: 1,
  translateUntil: 1,
  horizontalFlip: 'alternate',
  verticalFlip: 0,
  erase: null,
  paste: null,
}

export const quick: Readonly<Record<ModelName, Recipe>> = {
  nn: { ...ours, epochs: 10, batch: 64, optimizer: adamW(0.01), schedule: cycle(2e-3) },
  dnn: { ...ours, epochs: 8, batch: 64, optimizer: adamW(0.05), schedule: cycle(2e-3) },
  cnn: {
    ...ours,
    epochs: 3,
    batch: 128,
    optimizer: adamW(0.05),
    schedule: cycle(2e-3),
    augmentation: flipAndShift,
  },
  // So few epochs are too few for a net this deep to learn from varied images; it learns soonest as a shallow one.
  resnet50: {
    ...ours,
    epochs: 4,
    batch: 128,
    optimizer: adamW(0.05),
    schedule: cycle(1e-3),
    zeroInitResidual: true,
  },
}

/** For models of the user's own. */
export const quickForAny: Recipe = quick.cnn
