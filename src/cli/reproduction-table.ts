/** The table that a reproduction ends with. */

import { formatCount, formatDuration, formatEpochs, formatPercent, formatTable } from '../core/format.js'
import { atelierCommand } from '../core/shell.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { publishedFigures, type StudyName } from '../models/index.js'
import type { ReproducedModel } from '../report/reproduction.js'
import { wordsFor } from '../results/repeat.js'

/** What the table says of one model. */
export interface Result {
  readonly model: StudyName
  readonly run: string
  readonly parameters: number
  /** A fraction where the training ended within an epoch. */
  readonly epochs: number
  readonly trainAccuracy: number
  readonly testAccuracy: number
  readonly publishedTestAccuracy: number
  readonly seconds: number
  /** Trains it again, to the bit on this machine. */
  readonly command: string
}

export function resultOf({ model, run, metrics: { training, test } }: ReproducedModel): Result {
  return {
    model,
    run: run.directory,
    parameters: countParameters(weightsOf(run.graph)).parameters,
    epochs: training.epochs,
    trainAccuracy: training.accuracy,
    testAccuracy: test.accuracy,
    publishedTestAccuracy: publishedFigures[model].testAccuracy,
    seconds: Math.round(training.seconds),
    command: atelierCommand(...wordsFor(run.record)),
  }
}

export function tableOf(results: readonly Result[]): string {
  const table = formatTable(
    [
      { title: 'Model' },
      { title: 'Parameters', align: 'right' },
      { title: 'Epochs', align: 'right' },
      { title: 'Train accuracy', align: 'right' },
      { title: 'Test accuracy', align: 'right' },
      { title: 'Published', align: 'right' },
      { title: 'Time', align: 'right' },
    ],
    results.map((result) => [
      result.model,
      formatCount(result.parameters),
      formatEpochs(result.epochs),
      formatPercent(result.trainAccuracy),
      formatPercent(result.testAccuracy),
      formatPercent(result.publishedTestAccuracy),
      formatDuration(result.seconds),
    ]),
  )
  const commands = results.map(({ command }) => `  ${command}`)
  return [table, '', 'Each again, to the bit on this machine:', ...commands].join('\n')
}
