/** Runs side by side: their figures, and where two of them differ on the same test images. */
import { rightOnes } from '../core/logits.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { models, publishedFigures, publishedOf, type StudyName } from '../models/index.js'
import { lengthOf } from '../runs/formats/length.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import type { Interval, Metrics } from '../runs/formats/metrics.js'
import type { RunFolder } from '../runs/run-folder.js'
import { wilsonInterval } from './interval.js'
import { bootstrapDifference, type McNemar, mcnemar } from './significance.js'

/** Accuracies are shares in [0, 1]. */
export interface ComparedRun {
  /** A, B, ... in the order in which they were given. */
  readonly id: string
  readonly run: string
  readonly model: string
  readonly recipe: string
  readonly seed: number
  readonly parameters: number
  readonly epochs: number
  /** Of the training, and its last running accuracy; null where its end was not recorded. */
  readonly seconds: number | null
  readonly trainAccuracy: number | null
  readonly validationAccuracy: number | null
  readonly testAccuracy: number
  /** 95 % interval of the test accuracy. */
  readonly interval: Interval
  /** What the study published of this model; null for other models. */
  readonly publishedTestAccuracy: number | null
}

export interface ComparedPair {
  readonly first: string
  readonly second: string
  /** The first's test accuracy less the second's, and its 95 % interval. */
  readonly difference: number
  readonly interval: Interval
  readonly mcnemar: McNemar
  /** Indices of the test images that one alone classifies rightly, ascending. */
  readonly onlyFirstRight: readonly number[]
  readonly onlySecondRight: readonly number[]
}

/** The study's figures of a model. */
export interface PublishedRow {
  readonly model: StudyName
  readonly parameters: number
  readonly epochs: number
  readonly trainAccuracy: number
  readonly validationAccuracy: number | null
  readonly testAccuracy: number
}

export interface Candidate {
  readonly run: RunFolder
  readonly metrics: Metrics | null
  /** Of the test images, the same for all. */
  readonly predictions: LabelledLogits
}

export interface Comparison {
  /** Test images. */
  readonly n: number
  readonly runs: readonly ComparedRun[]
  readonly published: readonly PublishedRow[]
  readonly pairs: readonly ComparedPair[]
}

/** Compares each run with each later one. */
export function compareRuns(
  candidates: readonly Candidate[],
  published: readonly StudyName[] = [],
): Omit<Comparison, 'n'> {
  const entries = candidates.map((candidate, index) => ({
    id: String.fromCharCode('A'.charCodeAt(0) + index),
    right: rightOnes(candidate.predictions.logits, candidate.predictions.labels),
    candidate,
  }))
  return {
    runs: entries.map(({ id, right, candidate }) => summarize(id, candidate, right)),
    published: published.map(publishedRow),
    pairs: entries.flatMap((first, index) =>
      entries.slice(index + 1).map((second) => ({
        first: first.id,
        second: second.id,
        ...compareRight(first.right, second.right),
      })),
    ),
  }
}

/** Compares two models by which of the same images they classify rightly. */
export function compareRight(
  first: readonly boolean[],
  second: readonly boolean[],
): Omit<ComparedPair, 'first' | 'second'> {
  const indicesWhere = (holds: (image: number) => boolean): number[] =>
    first.flatMap((_, image) => (holds(image) ? [image] : []))
  const onlyFirstRight = indicesWhere((image) => first[image] === true && second[image] === false)
  const onlySecondRight = indicesWhere((image) => first[image] === false && second[image] === true)
  const [b, c, n] = [onlyFirstRight.length, onlySecondRight.length, first.length]
  return {
    difference: n === 0 ? 0 : (b - c) / n,
    interval: bootstrapDifference(b, c, n),
    mcnemar: mcnemar(b, c),
    onlyFirstRight,
    onlySecondRight,
  }
}

function summarize(
  id: string,
  { run: { directory, record, graph }, metrics, predictions: { count } }: Candidate,
  right: readonly boolean[],
): ComparedRun {
  const correct = right.filter((isRight) => isRight).length
  // A user's own model may bear the name of one of the study's.
  const own = record.source === null ? publishedOf(record.model) : null
  return {
    id,
    run: directory,
    model: record.model,
    recipe: record.recipeName,
    seed: record.seed,
    parameters: countParameters(weightsOf(graph)).parameters,
    epochs: metrics?.training?.epochs ?? lengthOf(record).epochs,
    seconds: metrics?.training?.seconds ?? null,
    trainAccuracy: metrics?.training?.accuracy ?? null,
    validationAccuracy: metrics?.training?.validationAccuracy ?? null,
    testAccuracy: correct / count,
    interval: wilsonInterval(correct, count),
    publishedTestAccuracy: own?.testAccuracy ?? null,
  }
}

function publishedRow(model: StudyName): PublishedRow {
  const { epochs, trainAccuracy, validationAccuracy = null, testAccuracy } = publishedFigures[model]
  const { parameters } = countParameters(weightsOf(models[model].build()))
  return { model, parameters, epochs, trainAccuracy, validationAccuracy, testAccuracy }
}
