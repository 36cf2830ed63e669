/**
 * Weights that this project trained and ships, a folder a model:
 *   model.safetensors     f16, but Batch Normalization's weights and statistics, which are f32
 *   config.json           all that it takes to use them, and how they were trained
 *   metrics.json          how good they are, as they lie here
 *   history.csv           a line an epoch of their training
 *   held-out.safetensors  logits (f16) and labels of images held out by another run of the same recipe
 *   README.md             the model card
 */
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { parseJson } from '../core/json.js'
import { classCountOf, type Graph, parseGraph } from '../graph/graph.js'
import { recordSchema } from './formats/record.js'
import { readLogits } from './logits-file.js'
import { readConfidence } from './read-metrics.js'
import type { TrainedModel } from './trained-model.js'
import { readWeights } from './weights.js'

export const pretrainedFiles = {
  weights: 'model.safetensors',
  config: 'config.json',
  metrics: 'metrics.json',
  history: 'history.csv',
  heldOut: 'held-out.safetensors',
  card: 'README.md',
} as const

/** The package's own, wherever it was installed and whatever the working directory. */
export const packagePretrained = fileURLToPath(new URL('../../pretrained', import.meta.url))

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
  graph: z.unknown(),
})
export type PretrainedConfig = z.infer<typeof configSchema>

/** Opens the folder of released weights. */
export async function openPretrained(directory: string): Promise<TrainedModel> {
  const { config, graph } = await readPretrainedConfig(directory)
  const path = (file: keyof typeof pretrainedFiles): string => join(directory, pretrainedFiles[file])
  const { model, classes, pixels, training } = config
  return {
    directory: shortest(directory),
    record: { ...training, graph: config.graph },
    graph,
    name: model,
    kind: 'pretrained',
    which: 'final',
    classes,
    scaling: pixels,
    ...(await readConfidence({ directory })),
    weightsFile: path('weights'),
    readWeights: () => readWeights(path('weights'), graph),
    heldOutLogits: () => readLogits(path('heldOut'), classes.length),
  }
}

/** Reads the configuration in a folder of released weights. */
export async function readPretrainedConfig(
  directory: string,
): Promise<{ readonly config: PretrainedConfig; readonly graph: Graph }> {
  const file = join(directory, pretrainedFiles.config)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const expected = `a folder of released weights (with ${pretrainedFiles.config})`
    throw new AtelierError(mismatch(directory, expected, messageOf(error)))
  })
  const expected = 'the configuration of weights released by this version of Atelier'
  const read = parseJson(file, text, expected, (json) => {
    const config = configSchema.parse(json)
    return { config, graph: parseGraph(config.graph) }
  })
  const [given, wanted] = [read.config.classes.length, classCountOf(read.graph)]
  if (given === wanted) return read
  throw new AtelierError(mismatch(file, `${wanted} classes, one for each logit`, String(given)))
}

/** As seen from the working directory, where it lies below that. */
function shortest(directory: string): string {
  const seen = relative(process.cwd(), directory)
  return seen === '' || seen.startsWith('..') ? directory : seen
}
