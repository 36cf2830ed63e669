/** What the released weights reach on the test images: the study's models without a training. */

import { formatCount, formatDuration, formatPercent, formatTable } from '../core/format.js'
import { atelierCommand } from '../core/shell.js'
import { evaluateRun } from '../evaluate/evaluate.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { publishedFigures, type StudyName } from '../models/index.js'
import { openTrained } from '../runs/open-trained.js'
import { findRelease, missingRelease } from '../runs/weights-packages.js'
import type { Resources } from './resources.js'

export interface ReleasedResult {
  readonly model: StudyName
  readonly recipe: string
  readonly parameters: number
  readonly testAccuracy: number
  readonly publishedTestAccuracy: number
  /** Of the evaluation. */
  readonly seconds: number
}

/** What a slow engine scores in seconds; the others take it many minutes. */
const smallModels: readonly StudyName[] = ['nn', 'dnn']

/** Scores them as `evaluate` does, in f32. */
export async function evaluateReleased(
  wanted: readonly StudyName[],
  { dataset, engine }: Resources,
): Promise<readonly ReleasedResult[]> {
  const isQuick = (model: StudyName): boolean => !engine.slow || smallModels.includes(model)
  const results: ReleasedResult[] = []
  const [there, missing] = [wanted.filter(isThere), wanted.filter((model) => !isThere(model))]
  for (const model of missing) {
    process.stderr.write(
      `The released weights of ${model} are not on this machine. ${missingRelease(model)}\n`,
    )
  }
  for (const model of there.filter(isQuick)) {
    const start = performance.now()
    const run = await openTrained(model)
    const request = { run, dataset, engine, split: 'test', precision: 'f32' } as const
    const { accuracy } = await evaluateRun({ ...request, temperature: null })
    results.push({
      model,
      recipe: run.record.recipeName,
      parameters: countParameters(weightsOf(run.graph)).parameters,
      testAccuracy: accuracy,
      publishedTestAccuracy: publishedFigures[model].testAccuracy,
      seconds: (performance.now() - start) / 1000,
    })
  }
  const left = there.filter((model) => !isQuick(model))
  if (left.length > 0) {
    process.stderr.write(
      `${left.join(' and ')} take the reference engine many minutes: ${atelierCommand('evaluate', left[0] as string)}\n`,
    )
  }
  return results
}

const isThere = (model: StudyName): boolean => findRelease(model) !== null

export function releasedTable(results: readonly ReleasedResult[]): string {
  return formatTable(
    [
      { title: 'Released weights' },
      { title: 'Recipe' },
      { title: 'Parameters', align: 'right' },
      { title: 'Test accuracy', align: 'right' },
      { title: 'Published', align: 'right' },
      { title: 'Time to score', align: 'right' },
    ],
    results.map((result) => [
      result.model,
      result.recipe,
      formatCount(result.parameters),
      formatPercent(result.testAccuracy),
      formatPercent(result.publishedTestAccuracy),
      formatDuration(result.seconds),
    ]),
  )
}
