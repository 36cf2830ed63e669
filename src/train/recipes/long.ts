/** For those who have hours: what `tuned`, which keeps to half an hour, cannot reach. docs/recipes.md tells how it was found. */
import type { ModelName } from '../../models/index.js'
import type { Recipe } from '../recipe.js'
import { tuned } from './tuned.js'

export const long = {
  /** A patient student of `cnn`, whose answers it finds easier to fit than labels. */
  resnet50: { ...tuned.resnet50, epochs: 54, smoothing: 0, teacher: { model: 'cnn', share: 0.9 } },
} as const satisfies Partial<Record<ModelName, Recipe>>
