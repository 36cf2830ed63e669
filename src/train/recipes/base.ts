/** What recipes have in common; each names only what it changes. */
import type { Recipe } from '../recipe.js'

/** Pixel mean and deviation of the training images, in [0, 1]. */
export const standardized = { mean: 0.286, deviation: 0.353 } as const

/** The study's optimizer, Keras's Adam. */
export const kerasAdam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 } as const

/** AdamW under a one-cycle rate; each model brings epochs, batch and rates. */
export const oneCycle = {
  precision: 'auto',
  holdOut: 0,
  pixels: standardized,
  smoothing: 0,
  dropout: null,
  average: 0,
  reestimate: 100,
  augmentation: null,
} as const satisfies Partial<Recipe>
