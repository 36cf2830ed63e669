/** Recipes, and trainings that the server runs. */
import { z } from 'zod'
import { modelNames } from '../../models/names.js'
import { recipeNames } from '../../recipes/names.js'
import { recipeSchema } from '../../recipes/recipe.js'
import { epochSchema } from '../../runs/formats/history.js'
import type { TrainingProgress } from '../../train/progress.js'
import { share } from './common.js'

export const recipesSchema = z.strictObject({
  models: z.array(
    z.strictObject({
      model: z.enum(modelNames),
      title: z.string(),
      parameters: z.int(),
      recipes: z.array(z.strictObject({ name: z.string(), values: recipeSchema })),
    }),
  ),
  /** What each value means, by its key as --set takes it, such as schedule.learningRate. */
  fields: z.array(
    z.strictObject({
      key: z.string(),
      explanation: z.string(),
    }),
  ),
})
export type Recipes = z.infer<typeof recipesSchema>

/** A training to be queued. */
export const startSchema = z.strictObject({
  model: z.enum(modelNames),
  recipe: z.enum(recipeNames).default('quick'),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  /** Changes to the recipe, such as schedule.learningRate=0.001. */
  set: z
    .array(
      z
        .string()
        .max(500)
        .regex(/^[a-z]\w*(\.\w+)*=/i, 'expected key=value'),
    )
    .max(50)
    .default([]),
  /** Use only so many training images. */
  limit: z.int().min(1).max(10_000_000).nullable().default(null),
})
export type StartTraining = z.input<typeof startSchema>

/**
 * queued: waits for its turn. running. stopping: is writing its checkpoint, then is paused or stopped.
 * paused: keeps its turn, so that the queue waits. stopped: gave its turn up. interrupted: its server or its
 * process ended unasked; keeps its turn. failed: see error. finished: its run is a model now.
 * All but queued, running, stopping and finished can be resumed.
 */
export const trainingState = z.enum([
  'queued',
  'running',
  'stopping',
  'paused',
  'stopped',
  'interrupted',
  'failed',
  'finished',
])
export type TrainingState = z.infer<typeof trainingState>

/** What they mean, `TrainingProgress` says. */
export const progressSchema = z.strictObject({
  epoch: z.int(),
  epochs: z.int(),
  step: z.int(),
  steps: z.int(),
  loss: z.number(),
  accuracy: share,
  imagesPerSecond: z.number(),
  secondsLeft: z.number(),
}) satisfies z.ZodType<TrainingProgress>

export const trainingParams = z.strictObject({ id: z.string().min(1).max(200) })

/** The id is that of its run, and once it is finished of its model. */
export const trainingSchema = z.strictObject({
  id: z.string(),
  state: trainingState,
  model: z.string(),
  recipe: z.string(),
  seed: z.int(),
  /** Changes to the recipe. */
  set: z.array(z.string()),
  limit: z.int().nullable(),
  epochs: z.int(),
  /** Epochs that are done. */
  epochsDone: z.number(),
  /** The latest; null before the first. */
  progress: progressSchema.nullable(),
  /** Why it failed. */
  error: z.string().nullable(),
  /** Of the finished run. */
  testAccuracy: share.nullable(),
})
export type Training = z.infer<typeof trainingSchema>

export const trainingDetailSchema = z.strictObject({
  ...trainingSchema.shape,
  history: z.array(epochSchema),
  /** The last lines that the training printed. */
  log: z.array(z.string()),
})
export type TrainingDetail = z.infer<typeof trainingDetailSchema>

/** The one that runs or holds its turn, then the queue, then what was stopped, failed or finished, newest first. */
export const trainingListSchema = z.strictObject({ trainings: z.array(trainingSchema) })
export type TrainingList = z.infer<typeof trainingListSchema>

/**
 * What `GET /api/trainings/events` sends, by the name of the event; `data` is JSON. `trainings` comes first and
 * after every change of a state. `GET /api/trainings/{id}/events` sends `training` in its place.
 */
export interface TrainingEvents {
  trainings: TrainingList
  training: TrainingDetail
  progress: { id: string; progress: TrainingProgress }
  epoch: { id: string; epoch: z.infer<typeof epochSchema> }
}
