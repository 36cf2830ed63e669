/**
 * A reproduction within a time: how many steps each model gets is reckoned once, from measured speeds, and kept in the
 * folder of the runs. From then on the clock decides nothing.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { mismatch, UsageError } from '../core/errors.js'
import { readText, writeFileAtomically } from '../core/files.js'
import { formatDuration, formatEpochs, spokenEpochs } from '../core/format.js'
import { parseJson } from '../core/json.js'
import { parseBy } from '../core/schema.js'
import type { Dataset } from '../data/dataset.js'
import { models, type StudyName, studyNames } from '../models/index.js'
import { namedRecipe } from '../recipes/index.js'
import { divideSeconds, secondsOf, type TrainingCost } from '../train/budget.js'
import { speedOf } from '../train/estimate.js'
import type { Resources } from './resources.js'

export const DEFAULT_MINUTES = 8

/** The recipe of which each model gets a number of steps. */
export const BUDGETED_RECIPE = 'quick'

const schema = z.strictObject({
  minutes: z.number().positive(),
  /** Of each model's training, the first of which may be done. */
  steps: z.partialRecord(z.enum(studyNames), z.int().positive()),
})
export type Budget = z.infer<typeof schema>

const fileIn = (directory: string): string => join(directory, 'budget.json')

/**
 * The budget by which the reproduction in a folder was begun; null where there is none.
 *
 * @throws UsageError where other minutes are asked for.
 */
export async function readBudget(directory: string, minutes: number | undefined): Promise<Budget | null> {
  const file = fileIn(directory)
  if (!existsSync(file)) return null
  const budget = parseJson(file, await readText(file), 'the budget of a reproduction', (json) =>
    parseBy(schema, json),
  )
  if (minutes === undefined || minutes === budget.minutes) return budget
  const hint = 'Choose another folder with --out'
  throw new UsageError(
    mismatch('--minutes', `${budget.minutes}, by which ${directory} was begun`, String(minutes), hint),
  )
}

/** So many times the steps of its recipe are worth their time: small nets soon learn by heart. */
const mostRecipes: Readonly<Record<StudyName, number>> = { nn: 1, dnn: 1, cnn: 4, resnet50: 4 }
/** Of the time this share is planned for: speeds swing. */
const PLANNED_SHARE = 0.95
/** Of a model's report, and of its checkpoints. */
const REPORT_SECONDS = 4
/** An image's forward pass over its training step: weights and inputs have gradients of as much work. */
const FORWARD_SHARE = 1 / 3

/** Measures the models' speeds, divides the minutes among them, and says what comes of it. */
export async function planSteps(
  names: readonly StudyName[],
  minutes: number,
  { dataset, engine }: Resources,
  note: (line: string) => void,
): Promise<Budget['steps']> {
  note('\nMeasuring how fast each trains here')
  const costs: TrainingCost[] = []
  for (const model of names) {
    const recipe = namedRecipe(BUDGETED_RECIPE, model)
    const speed = await speedOf(engine, models[model].build(dataset.classes.length), recipe, dataset)
    costs.push(costOf(model, speed, dataset))
  }
  const steps = divideSeconds(60 * minutes * PLANNED_SHARE, costs)
  const shares = names.map((model, i) => {
    const epochs = (steps[i] as number) / stepsPerEpoch(model, dataset)
    return `${model} ${i === 0 ? spokenEpochs(epochs) : formatEpochs(epochs)}`
  })
  const duration = formatDuration(secondsOf(steps, costs))
  note(`Training takes about ${duration}, scores and reports included: ${shares.join(', ')}`)
  if (steps.every((count, i) => count === costs[i]?.mostSteps)) {
    note('More time is better spent on the tuned recipes: --profile full')
  }
  return Object.fromEntries(names.map((model, i) => [model, steps[i]]))
}

function costOf(model: StudyName, imagesPerSecond: number, dataset: Dataset): TrainingCost {
  const { batch, epochs, reestimate } = namedRecipe(BUDGETED_RECIPE, model)
  const classified = dataset.test.count + reestimate * batch
  return {
    secondsPerStep: batch / imagesPerSecond,
    besides: REPORT_SECONDS + (FORWARD_SHARE * classified) / imagesPerSecond,
    mostSteps: mostRecipes[model] * epochs * stepsPerEpoch(model, dataset),
  }
}

const stepsPerEpoch = (model: StudyName, { train }: Dataset): number =>
  Math.ceil(train.count / namedRecipe(BUDGETED_RECIPE, model).batch)

export async function writeBudget(directory: string, budget: Budget): Promise<void> {
  await writeFileAtomically(fileIn(directory), `${JSON.stringify(budget, null, 2)}\n`)
}
