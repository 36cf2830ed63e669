/** Run folders, finished or not. */
import { z } from 'zod'
import { recipeSchema } from '../../recipes/recipe.js'
import { epochSchema } from '../../runs/formats/history.js'
import { share } from './common.js'

export const runParams = z.strictObject({ id: z.string().min(1).max(200) })

export const runSchema = z.strictObject({
  /** The folder's name below runs/ (`:` between folders). */
  id: z.string(),
  model: z.string(),
  recipe: z.string(),
  seed: z.int(),
  startedAt: z.string(),
  finished: z.boolean(),
  /** Of the whole training, and done; fractions where it ends within an epoch. */
  epochs: z.number(),
  epochsDone: z.number(),
  testAccuracy: share.nullable(),
})
export type Run = z.infer<typeof runSchema>

export const runListSchema = z.strictObject({
  /** The one started last first. */
  runs: z.array(runSchema),
})
export type RunList = z.infer<typeof runListSchema>

export const runDetailSchema = z.strictObject({
  ...runSchema.shape,
  recipeValues: recipeSchema,
  settings: z.array(z.string()),
  command: z.string(),
  history: z.array(epochSchema),
  /** The contents of metrics.json; null where the run has none yet. */
  metrics: z.record(z.string(), z.unknown()).nullable(),
})
export type RunDetail = z.infer<typeof runDetailSchema>
