/**
 * For those who have hours: what `tuned`, which keeps to about an hour on one core, cannot reach. results/recipes-log.md tells
 * how it was found.
 */
import type { ModelName } from '../models/index.js'
import type { Recipe } from './recipe.js'
import { flipShiftErase, tuned } from './tuned.js'

const epochs = 246

/** Where the learning rate's second, third and fourth course begin. */
const [second, third, fourth] = [54 / epochs, 120 / epochs, 192 / epochs]

export const long = {
  /**
   * A patient student of `cnn`, whose answers it finds easier to fit than labels. From the second course on it asks it of
   * mixed pictures; from the third on images stay in their place, as those it will be asked about do.
   */
  resnet50: {
    ...tuned.resnet50,
    epochs,
    schedule: { ...tuned.resnet50.schedule, restart: [second, third, fourth] },
    smoothing: 0,
    teacher: { model: 'cnn', share: 0.9 },
    augmentation: {
      ...flipShiftErase,
      translateUntil: third,
      paste: { probability: 0.5, area: [0.1, 0.5], aspect: 3, after: second },
    },
  },
} as const satisfies Partial<Record<ModelName, Recipe>>
