/** Whether an exported ONNX file classifies as the model does: the test images, by onnxruntime and by an engine. */
import { AtelierError, mismatch } from '../core/errors.js'
import { formatCount, formatPercent } from '../core/format.js'
import { argmax, countCorrect, rowOf } from '../core/logits.js'
import { sizeOf } from '../core/shape.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import { inputShapeOf } from '../graph/graph.js'
import type { OnnxPrecision } from '../onnx/model.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { checkFit } from '../train/prepare.js'
import { loadOnnxRuntime, onnxLogits } from './onnxruntime.js'

/**
 * Null where a file can be checked here, else one line why not.
 *
 * @throws AtelierError where it cannot and that was asked for.
 */
export async function whyUnchecked({ asked }: { readonly asked: boolean }): Promise<string | null> {
  const state = await loadOnnxRuntime()
  if (state.runtime !== null) return null
  if (!asked) return state.reason
  throw new AtelierError(mismatch('The check of the file', 'onnxruntime, which runs it', state.reason))
}

/** What an export is checked with. */
export interface Checker {
  readonly dataset: Dataset
  readonly engine: Engine
}

export interface Agreement {
  /** Test images that were compared. */
  readonly n: number
  readonly engine: string
  /** Images that both put into the same class. */
  readonly sameClass: number
  /** Between two logits. */
  readonly largestDifference: number
  readonly largestLogit: number
  /** Of the engine in f32, and of the file. */
  readonly engineAccuracy: number
  readonly accuracy: number
}

/** Logits may differ by this times max(1, the largest logit). */
const tolerance = 1e-3
/** A share of the images: what the lower precisions may lose in accuracy. */
const tolerableLoss = 0.005
/** The reference engine takes its time: so many images have to do. */
const referenceImages = 200

export interface CheckedFile {
  readonly bytes: Uint8Array
  readonly precision: OnnxPrecision
  readonly rgb: boolean
}

/**
 * Compares a file with the model it was made of.
 *
 * @throws AtelierError where an f32 file gives logits beyond the tolerance, and where one of lower precision loses
 * more accuracy than it is worth.
 */
export async function checkOnnx(
  model: TrainedModel,
  file: CheckedFile,
  checker: Checker,
): Promise<Agreement> {
  const { dataset, engine } = checker
  checkFit(model.graph, dataset)
  const n = engine.slow ? Math.min(referenceImages, dataset.test.count) : dataset.test.count
  const images = dataset.test.images.subarray(0, n * sizeOf(inputShapeOf(model.graph)))
  const labels = dataset.test.labels.subarray(0, n)
  const expected = await engineLogits(model, engine, images, n)
  const received = await fileLogits(model, file, engine.threads, images, n)
  const agreement: Agreement = {
    n,
    engine: engine.name,
    sameClass: countSame(expected, received, n),
    largestDifference: largest(expected.map((logit, i) => logit - (received[i] as number))),
    largestLogit: largest(expected),
    engineAccuracy: countCorrect(expected, labels) / n,
    accuracy: countCorrect(received, labels) / n,
  }
  if (file.precision === 'f32') refuseOtherLogits(agreement)
  else refuseLoss(agreement, file.precision)
  return agreement
}

async function engineLogits(
  model: TrainedModel,
  engine: Engine,
  images: Uint8Array,
  n: number,
): Promise<Float32Array> {
  const { graph, scaling } = model
  const classifier = await engine.classifier(graph, { precision: 'f32', scaling })
  try {
    await classifier.load(await model.readWeights())
    return await classifier.logits(images, n)
  } finally {
    classifier.dispose()
  }
}

function fileLogits(
  { graph, classes }: TrainedModel,
  { bytes, rgb }: CheckedFile,
  threads: number,
  images: Uint8Array,
  n: number,
): Promise<Float32Array> {
  const [height = 1, width = 1, channels = 1] = inputShapeOf(graph)
  const image = [height, width, rgb ? 3 : channels]
  return onnxLogits(bytes, { threads, image, classes: classes.length }, rgb ? tripled(images) : images, n)
}

/** Gray pixels as red, green and blue ones. */
const tripled = (gray: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 3 * gray.length }, (_, i) => gray[Math.floor(i / 3)] as number)

function countSame(a: Float32Array, b: Float32Array, n: number): number {
  const classes = a.length / n
  let same = 0
  for (let image = 0; image < n; image++) {
    if (argmax(rowOf(a, image, classes)) === argmax(rowOf(b, image, classes))) same++
  }
  return same
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Classes can then differ only where an image's best logits are as near to each other as that. */
function refuseOtherLogits({ n, largestDifference, largestLogit }: Agreement): void {
  const allowed = tolerance * Math.max(1, largestLogit)
  if (largestDifference <= allowed) return
  const expected = `the engine's logits of ${formatCount(n)} test images within ${allowed.toPrecision(2)}`
  const received = `a difference of ${largestDifference.toPrecision(2)}`
  throw new AtelierError(mismatch('The exported file, run by onnxruntime', expected, received))
}

function refuseLoss({ engineAccuracy, accuracy }: Agreement, precision: OnnxPrecision): void {
  if (engineAccuracy - accuracy <= tolerableLoss) return
  const least = formatPercent(engineAccuracy - tolerableLoss)
  const hint = `Use --precision ${precision === 'int8' ? 'f16' : 'f32'}`
  const expected = `a test accuracy of at least ${least} (${formatPercent(engineAccuracy)} in f32)`
  throw new AtelierError(mismatch(`--precision ${precision}`, expected, formatPercent(accuracy), hint))
}
