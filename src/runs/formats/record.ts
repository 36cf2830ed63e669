/** run.json: what was asked for and on what machine: enough to do it again. */
import { z } from 'zod'
import { parseJson } from '../../core/json.js'
import { parseBy } from '../../core/schema.js'
import { type Graph, parseGraph } from '../../graph/graph.js'
import { recipeSchema } from '../../recipes/recipe.js'

export const recordSchema = z.object({
  format: z.literal(1),
  model: z.string(),
  /** The file of a user's own model. */
  source: z.string().nullable(),
  recipeName: z.string(),
  recipe: recipeSchema,
  /** Changes by --set and the like, as given. */
  settings: z.array(z.string()),
  seed: z.int().nonnegative(),
  /** Only so many training images were used; null: all. */
  limit: z.int().positive().nullable(),
  /** Which: drawn by the seed, or, in runs older than this value, the first ones. */
  limitBy: z.enum(['seed', 'order']).default('order'),
  /** At most so many steps an epoch; null: all. */
  limitBatches: z.int().positive().nullable().default(null),
  /** The training ends after so many steps, within an epoch or beyond the recipe's; null: with the recipe's last epoch. */
  maxSteps: z.int().positive().nullable().default(null),
  /** The same so many batches in every epoch; null: all the images, in a new order each time. */
  overfitBatches: z.int().positive().nullable().default(null),
  trainImages: z.int().positive(),
  heldOutImages: z.int().nonnegative(),
  /** SHA-256 of the file of weights that teach; null without a teacher, and in runs older than this value. */
  teacherWeights: z.string().nullable().default(null),
  precision: z.enum(['f32', 'bf16']),
  engine: z.object({
    name: z.enum(['native', 'wasm', 'reference']),
    description: z.string(),
    threads: z.int(),
  }),
  data: z.object({
    directory: z.string(),
    official: z.boolean(),
    checksums: z.record(z.string(), z.string()),
    classes: z.array(z.string()),
  }),
  machine: z.object({ atelier: z.string(), node: z.string(), platform: z.string(), cpu: z.string() }),
  /** Revision of the source, where it was run from a checkout. */
  revision: z.string().nullable(),
  command: z.string(),
  /** What else a reader of the run's record has to know, by whoever keeps it. */
  note: z.string().optional(),
  startedAt: z.string(),
  graph: z.unknown(),
})
export type RunRecord = z.infer<typeof recordSchema>

export interface RecordedRun {
  readonly record: RunRecord
  readonly graph: Graph
}

/** What tells a run from all others, for people. */
export const identityOf = ({ model, recipeName, seed, startedAt }: RunRecord): string =>
  `${model} by recipe ${recipeName}, seed ${seed}, begun at ${startedAt}`

/** Reads the text of `place`. */
export function parseRecord(place: string, text: string): RecordedRun {
  return parseJson(place, text, 'the record of a run by this version of Atelier', (json) => {
    const record = parseBy(recordSchema, json)
    return { record, graph: parseGraph(record.graph) }
  })
}
