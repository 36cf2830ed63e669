/** The queue of trainings in a file, so that it outlives the server. */
import { join } from 'node:path'
import { z } from 'zod'
import { readText, writeFileAtomically } from '../../core/files.js'
import { parseJson } from '../../core/json.js'
import { parseBy } from '../../core/schema.js'
import { Serial } from '../../core/serial.js'
import { modelNames } from '../../models/names.js'
import { recipeNames } from '../../recipes/names.js'
import { trainingState } from '../schemas/trainings.js'

const entrySchema = z.strictObject({
  /** The name of its run's folder. */
  id: z.string(),
  state: trainingState,
  model: z.enum(modelNames),
  recipe: z.enum(recipeNames),
  seed: z.int(),
  set: z.array(z.string()),
  limit: z.int().nullable(),
  epochs: z.int(),
  error: z.string().nullable(),
  /** Of the process that trained last; null before the first. */
  pid: z.int().nullable(),
  /**
   * Whether a run in its folder is its own, since a process was started there, and not one that somebody else began
   * while it waited. Older files do not tell.
   */
  ownsRun: z.boolean().default(true),
})

/** A training, in any state. */
export type Entry = z.infer<typeof entrySchema>

const fileSchema = z.strictObject({ format: z.literal(1), trainings: z.array(entrySchema) })

export class Store {
  private readonly writes = new Serial()

  /** Keeps its files in a folder below that of the runs. */
  constructor(private readonly runs: string) {}

  get folder(): string {
    return join(this.runs, '.trainings')
  }

  /** What the training of that id printed. */
  logOf(id: string): string {
    return join(this.folder, `${id}.log`)
  }

  private get file(): string {
    return join(this.folder, 'queue.json')
  }

  async read(): Promise<Entry[]> {
    const text = await readText(this.file).catch(() => null)
    if (text === null) return []
    return parseJson(this.file, text, 'the queue of trainings by this version of Atelier', (json) => {
      return parseBy(fileSchema, json).trainings
    })
  }

  /** Writes happen one after another, whole files each. */
  write(trainings: readonly Entry[]): Promise<void> {
    const text = `${JSON.stringify({ format: 1, trainings }, null, 2)}\n`
    return this.writes.run(() => writeFileAtomically(this.file, text))
  }
}
