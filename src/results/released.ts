/** What is shipped in pretrained/, as far as results tell of it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type ModelName, modelNames } from '../models/names.js'
import { parseJsonFile } from '../train/json-file.js'
import { openPretrained, pretrainedFiles } from '../train/pretrained.js'

const metricsSchema = z.object({
  test: z.object({ n: z.int().positive(), correct: z.int().nonnegative() }),
  f32: z.object({ accuracy: z.number() }),
})

export interface ReleasedModel extends z.infer<typeof metricsSchema> {
  readonly model: ModelName
  readonly recipe: string
  readonly seed: number
}

/** The released weights below `<root>/pretrained`. */
export async function readReleased(root: string): Promise<readonly ReleasedModel[]> {
  const released: ReleasedModel[] = []
  for (const model of modelNames) {
    const directory = join(root, 'pretrained', model)
    if (!existsSync(join(directory, pretrainedFiles.config))) continue
    const { record } = await openPretrained(directory)
    const file = join(directory, pretrainedFiles.metrics)
    const metrics = parseJsonFile(file, await readFile(file, 'utf8'), 'the metrics of a release', (json) =>
      metricsSchema.parse(json),
    )
    released.push({ model, recipe: record.recipeName, seed: record.seed, ...metrics })
  }
  return released
}
