/** All that a run's report is made of, gathered before a line of it is written. */

import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { scaleTemperature } from '../evaluate/calibration.js'
import { checkOwnData } from '../evaluate/images.js'
import { evaluateLogits } from '../evaluate/metrics.js'
import { predictionsOf } from '../evaluate/predictions.js'
import { type ScoredImage, scoreImages } from '../evaluate/scored-images.js'
import { packSheet, type Sheet } from '../page/sprite.js'
import type { EpochRow } from '../runs/formats/history.js'
import { lengthOf } from '../runs/formats/length.js'
import type { Evaluation, TemperatureScaling } from '../runs/formats/metrics.js'
import { readHistory } from '../runs/history.js'
import type { RunFolder } from '../runs/run-folder.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { learningRateAt } from '../train/schedule.js'
import { gatherImages } from '../train/subsets.js'
import { type SeenBatches, seenBatches } from './batches.js'
import { drawFilters, type Filters } from './filters.js'
import { type Cell, selectCells, worstMistakes } from './selection.js'

export interface RunContent {
  readonly run: TrainedModel
  readonly classes: readonly string[]
  readonly history: readonly EpochRow[]
  /** The learning rate at some steps, by epochs. */
  readonly rates: readonly (readonly [epoch: number, rate: number])[]
  readonly test: Evaluation
  readonly scaled: TemperatureScaling | null
  /** Each with the sheet of its images, in their order. */
  readonly cells: readonly ShownCell[]
  readonly mistakes: readonly ScoredImage[]
  readonly mistakesSheet: Sheet
  readonly seen: SeenBatches
  readonly seenSheet: Sheet
  readonly filters: Filters | null
}

export interface ShownCell extends Cell {
  readonly sheet: Sheet
}

/** Pixels of all images behind the cells: 2,500 of Fashion-MNIST's, which are about 1.5 MB of a page. */
const ROOM = 2500 * 28 * 28
/** Small images need names and probabilities no shorter than those of large ones. */
const MOST_IMAGES = 4000
const MISTAKES = 48
const RATE_POINTS = 200

/**
 * Gathers it, from the logits kept in the run's folder where they are.
 *
 * @throws AtelierError for other data than the run's own.
 */
export async function gatherContent(
  run: TrainedModel,
  dataset: Dataset,
  engine: Engine,
): Promise<RunContent> {
  // Which images the run learned from, and what they are, is known of its own data alone.
  checkOwnData(run, dataset, `Report of ${run.directory}`)
  const { classes, height, width } = dataset
  const predictions = await predictionsOf(run, 'test', { dataset, engine })
  const { logits, labels } = predictions
  const temperature = run.calibration
  const cells = selectCells(
    scoreImages(predictions, run.temperature),
    Math.min(MOST_IMAGES, Math.floor(ROOM / (height * width))),
  )
  const mistakes = worstMistakes(cells, MISTAKES)
  const sheetOf = (images: readonly ScoredImage[]): Promise<Sheet> => {
    const indices = Uint32Array.from(images, ({ index }) => index)
    return packSheet({ pixels: gatherImages(dataset.test.images, indices, height * width), height, width })
  }
  const seen = seenBatches(run, dataset)
  const history = await readHistory(run)
  return {
    run,
    classes,
    history,
    rates: ratesOf(run, history),
    test: evaluateLogits(logits, labels, classes),
    scaled: temperature && scaleTemperature(logits, labels, classes.length, temperature),
    cells: await Promise.all(cells.map(async (cell) => ({ ...cell, sheet: await sheetOf(cell.images) }))),
    mistakes,
    mistakesSheet: await sheetOf(mistakes),
    seen,
    seenSheet: await packSheet(seen.tiles),
    filters: await drawFilters(run.graph, await run.readWeights()),
  }
}

/** The schedule's value at some of the steps that were done. */
function ratesOf({ record }: RunFolder, history: readonly EpochRow[]): RunContent['rates'] {
  const { steps, stepsPerEpoch } = lengthOf(record)
  const done = Math.round((history.at(-1)?.epoch ?? 0) * stepsPerEpoch)
  const count = Math.min(RATE_POINTS, done)
  return Array.from({ length: count }, (_, i) => {
    const step = count === 1 ? 0 : Math.round((i * (done - 1)) / (count - 1))
    return [(step + 1) / stepsPerEpoch, learningRateAt(record.recipe, step, steps)] as const
  })
}
