/** config.json of released weights: all that it takes to use them, and how they were trained. */
import { z } from 'zod'
import { AtelierError, mismatch } from '../../core/errors.js'
import { parseJson } from '../../core/json.js'
import { parseBy } from '../../core/schema.js'
import { classCountOf, type Graph, parseGraph } from '../../graph/graph.js'
import { recordSchema } from './record.js'

const configSchema = z.strictObject({
  format: z.literal(1),
  model: z.string(),
  classes: z.array(z.string()),
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  pixels: z.strictObject({ scale: z.number(), shift: z.number() }),
  /** The training of the weights. */
  training: recordSchema.omit({ graph: true }),
  /** The run of the same recipe whose held-out logits and temperature are beside it. */
  heldOut: z.strictObject({
    seed: z.int().nonnegative(),
    trainImages: z.int().positive(),
    heldOutImages: z.int().positive(),
    revision: z.string().nullable(),
  }),
  /** The CRC-32 of the files of weights and logits, in eight digits, by their names; absent in older releases. */
  crc32: z.record(z.string(), z.string().regex(/^[\da-f]{8}$/)).default({}),
  graph: z.unknown(),
})
export type ReleaseConfig = z.infer<typeof configSchema>

export interface ReleaseDescription {
  readonly config: ReleaseConfig
  readonly graph: Graph
}

/** Reads the text of `place`. */
export function parseReleaseConfig(place: string, text: string): ReleaseDescription {
  const expected = 'the configuration of weights released by this version of Atelier'
  const read = parseJson(place, text, expected, (json) => {
    const config = parseBy(configSchema, json)
    return { config, graph: parseGraph(config.graph) }
  })
  const [given, wanted] = [read.config.classes.length, classCountOf(read.graph)]
  if (given === wanted) return read
  throw new AtelierError(mismatch(place, `${wanted} classes, one for each logit`, String(given)))
}
