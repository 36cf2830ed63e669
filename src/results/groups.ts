/** The records of one model and recipe together. */
import { AtelierError, mismatch } from '../core/errors.js'
import { countCorrect } from '../core/logits.js'
import { ensembleLogits } from '../evaluate/ensemble.js'
import { wilsonInterval } from '../evaluate/interval.js'
import { type ModelName, modelNames } from '../models/names.js'
import { recipeNames } from '../recipes/index.js'
import type { Interval } from '../runs/formats/metrics.js'
import type { ResultRecord } from './record.js'
import { HELD_OUT_CHANGES, sameRecipe } from './recordable.js'
import { type SeedStatistics, statisticsOf } from './seed-statistics.js'

export interface ResultGroup {
  readonly model: ModelName
  readonly recipe: string
  /** In the order of their seeds, without those that held images out for the recipe's sake. */
  readonly seeds: readonly ResultRecord[]
  readonly heldOut: readonly ResultRecord[]
  /** Of the seeds' test accuracies; null where only runs with held-out images are recorded. */
  readonly test: SeedStatistics | null
  /** 95 %: of the mean over the seeds, or of the one figure over the test images. */
  readonly interval: Interval | null
  /** Means over the seeds; that of the held-out images over the runs that held them out. Null: there are none. */
  readonly trainAccuracy: number | null
  readonly heldOutAccuracy: number | null
  readonly seconds: number | null
  /** Test accuracy of the seeds' mean probabilities; null for fewer than two. */
  readonly ensembleAccuracy: number | null
}

/** By model in the study's order, then by recipe: built-in ones first, in their order. */
export function groupRecords(records: readonly ResultRecord[]): readonly ResultGroup[] {
  const known: readonly string[] = recipeNames
  const recipes = [...new Set([...known, ...records.map(({ run }) => run.recipeName).sort()])]
  return modelNames.flatMap((model) =>
    recipes.flatMap((recipe) => {
      const own = records.filter(({ run }) => run.model === model && run.recipeName === recipe)
      return own.length === 0 ? [] : [groupOf(model, recipe, own)]
    }),
  )
}

function groupOf(model: ModelName, recipe: string, records: readonly ResultRecord[]): ResultGroup {
  checkAlike(records)
  const bySeed = [...records].sort((a, b) => a.run.seed - b.run.seed)
  const seeds = bySeed.filter(({ heldOut }) => !heldOut)
  const test = seeds.length === 0 ? null : statisticsOf(seeds.map(testAccuracy))
  const heldOut = bySeed.filter((record) => record.heldOut)
  const [first] = seeds
  const wilson = first && wilsonInterval(first.metrics.test.correct, first.metrics.test.n)
  return {
    model,
    recipe,
    seeds,
    heldOut,
    test,
    interval: test?.interval ?? wilson ?? null,
    trainAccuracy: meanOf(seeds.map(({ metrics }) => metrics.training.accuracy)),
    heldOutAccuracy: meanOf(
      (heldOut.length > 0 ? heldOut : seeds).flatMap((record) => record.heldOutAccuracy ?? []),
    ),
    seconds: meanOf(seeds.map(({ metrics }) => metrics.training.seconds)),
    ensembleAccuracy: ensembleAccuracyOf(seeds),
  }
}

export const testAccuracy = ({ metrics: { test } }: ResultRecord): number => test.correct / test.n

function ensembleAccuracyOf(seeds: readonly ResultRecord[]): number | null {
  const [first, ...others] = seeds.map(({ testLogits }) => testLogits)
  if (first === undefined || others.length === 0) return null
  const { labels, count } = first
  const classes = first.logits.length / count
  const together = ensembleLogits(
    [first, ...others].map(({ logits }) => logits),
    classes,
  )
  return countCorrect(together, labels) / count
}

const meanOf = (figures: readonly number[]): number | null =>
  figures.length === 0 ? null : statisticsOf(figures).mean

/** Figures of other values have no mean in common. */
export function checkAlike(records: readonly Pick<ResultRecord, 'place' | 'run' | 'heldOut'>[]): void {
  // Those that held nothing out first: from them, less may differ.
  const [first, ...others] = [...records].sort((a, b) => Number(a.heldOut) - Number(b.heldOut))
  if (first === undefined) return
  for (const other of others) {
    const except = first.heldOut || other.heldOut ? HELD_OUT_CHANGES : []
    if (sameRecipe(first.run.recipe, other.run.recipe, except)) continue
    const expected = `the values of the recipe that ${first.place} has`
    const hint = 'Give other values a name of their own: --recipe NAME.json'
    throw new AtelierError(mismatch(`results/${other.place}/run.json`, expected, 'others', hint))
  }
}
