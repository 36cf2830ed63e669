/** What recipes have in common; each names only what it changes. */
import type { Recipe } from './recipe.js'

/** Pixel mean and deviation of the training images, in [0, 1]. */
export const standardized = { mean: 0.286, deviation: 0.353 } as const

/** The study's optimizer, Keras's Adam. */
export const kerasAdam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 } as const

/** The same with decoupled weight decay, times the rate. */
export const adamW = (weightDecay: number): Recipe['optimizer'] => ({ ...kerasAdam, weightDecay })

/** What ours share, unlike the study's; each model brings epochs, batch, optimizer and schedule. */
export const ours = {
  precision: 'auto',
  holdOut: 0,
  pixels: standardized,
  smoothing: 0,
  dropout: null,
  zeroInitResidual: false,
  teacher: null,
  average: 0,
  reestimate: 100,
  augmentation: null,
  classWeights: null,
  earlyStopping: null,
} as const satisfies Partial<Recipe>
