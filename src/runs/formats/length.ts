/** How long a training is, in steps and in epochs. */
import { batchOf } from '../../recipes/recipe.js'
import type { RunRecord } from './record.js'

export interface TrainingLength {
  readonly stepsPerEpoch: number
  /** Of the whole training. */
  readonly steps: number
  /** `steps / stepsPerEpoch`: a fraction where the training ends within an epoch. */
  readonly epochs: number
}

export function lengthOf({
  recipe,
  trainImages,
  limitBatches,
  maxSteps,
}: Pick<RunRecord, 'recipe' | 'trainImages' | 'limitBatches' | 'maxSteps'>): TrainingLength {
  const whole = Math.ceil(trainImages / batchOf(recipe, trainImages))
  const stepsPerEpoch = Math.min(whole, limitBatches ?? whole)
  const steps = maxSteps ?? stepsPerEpoch * recipe.epochs
  return { stepsPerEpoch, steps, epochs: steps / stepsPerEpoch }
}
