/** For those who have hours: what `tuned`, which keeps to half an hour, cannot reach. docs/recipes.md tells how it was found. */
import type { ModelName } from '../../models/index.js'
import type { Recipe } from '../recipe.js'
import { flipShiftErase, tuned } from './tuned.js'

/** Both the rate's second course and the pasted images begin after 54 of the 120 epochs. */
const FIRST_COURSE = 0.45

export const long = {
  /** A patient student of `cnn`, whose answers it finds easier to fit than labels, and which it can ask of any picture. */
  resnet50: {
    ...tuned.resnet50,
    epochs: 120,
    schedule: { ...tuned.resnet50.schedule, restart: FIRST_COURSE },
    smoothing: 0,
    teacher: { model: 'cnn', share: 0.9 },
    augmentation: {
      ...flipShiftErase,
      paste: { probability: 0.5, area: [0.1, 0.5], aspect: 3, after: FIRST_COURSE },
    },
  },
} as const satisfies Partial<Record<ModelName, Recipe>>
