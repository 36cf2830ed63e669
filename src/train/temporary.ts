/** A training that lives in memory alone: no run folder, no checkpoints. What tools around training build on. */
import { nodeHost } from './node-host.js'
import { resolvePrecision } from './precision.js'
import { learningRateAt } from './schedule.js'
import { TrainingSteps, type TrainingStepsOptions } from './training-steps.js'

export interface TemporaryOptions
  extends Pick<TrainingStepsOptions, 'engine' | 'graph' | 'recipe' | 'dataset' | 'indices' | 'seed'> {
  /** Steps a call to the engine; short ones tell more often how it goes. */
  readonly chunkSteps: number
  /** Instead of the recipe's schedule; steps count from 0. */
  readonly rateAt?: (step: number) => number
}

/** Its first weights are drawn; it ends with the recipe. */
export async function openTemporaryTraining({
  chunkSteps,
  rateAt,
  ...options
}: TemporaryOptions): Promise<TrainingSteps> {
  const { engine, graph, recipe, indices, seed } = options
  const total = Math.ceil(indices.length / recipe.batch) * recipe.epochs
  const steps = await TrainingSteps.open({
    ...options,
    host: nodeHost,
    epochs: recipe.epochs,
    precision: resolvePrecision(recipe, graph, engine),
    rateAt: rateAt ?? ((step) => learningRateAt(recipe, step, total)),
  })
  steps.chunkSteps = chunkSteps
  await steps.programs.initialize(seed)
  return steps
}
