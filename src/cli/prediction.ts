/** What `atelier predict` does: opens models, reads images, prints and draws. */

import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import { formatCount, formatPercent } from '../core/format.js'
import { chooseEngine } from '../engine/choose.js'
import type { EngineName } from '../engine/names.js'
import type { Invert } from '../photo/prepare.js'
import { prepareSource } from '../photo/read-image.js'
import { type ImageSource, listSources } from '../photo/sources.js'
import { rankClasses } from '../predict/answer.js'
import { type PredictedImage, type Prediction, predictAll, predictImages } from '../predict/predict-images.js'
import { Predictor } from '../predict/predictor.js'
import { checkTakesPhotos } from '../predict/takes-photos.js'
import { openTrained } from '../runs/open-trained.js'
import type { WhichWeights } from '../runs/which-weights.js'
import { tellFallback } from './fallback.js'

export interface PredictFlags {
  readonly top: number
  readonly invert: Invert
  readonly weights: WhichWeights
  readonly show?: string
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

/**
 * Predicts what all images show, by each model. An image that cannot be read does not stop the others.
 *
 * @throws AtelierError, at the end, where there was such an image.
 */
export async function predictFiles(
  models: readonly string[],
  images: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  if (images.filter((name) => name === '-').length > 1) {
    throw new UsageError(mismatch('Images', '- once', 'it twice'))
  }
  const sources = await listSources(images)
  if (flags.show !== undefined) checkShow(flags.show, sources)
  const predictors = await openPredictors(models, sources.length, flags)
  const predicted =
    flags.show === undefined
      ? predictImages(sources, predictors, flags)
      : showOne(sources[0] as ImageSource, predictors, flags, flags.show)
  const failures = await (flags.json ? printJson(predicted, flags) : printLines(predicted, flags))
  for (const predictor of predictors) predictor.dispose()
  const [first] = failures
  if (first === undefined) return
  if (sources.length === 1) throw first
  for (const { message } of failures) process.stderr.write(`${message}\n`)
  const received = `${formatCount(failures.length)} that cannot be read`
  throw new AtelierError(mismatch(`Of ${formatCount(sources.length)} images`, 'none left out', received))
}

function checkShow(file: string, sources: readonly ImageSource[]): void {
  if (!/\.png$/i.test(file)) throw new UsageError(mismatch('--show', 'a file name that ends in .png', file))
  if (sources.length > 1) {
    throw new UsageError(mismatch('--show', 'one image to draw', `${formatCount(sources.length)} images`))
  }
}

async function openPredictors(
  names: readonly string[],
  images: number,
  { engine: asked, threads, weights }: PredictFlags,
): Promise<Predictor[]> {
  const [models, chosen] = await Promise.all([
    Promise.all(names.map((name) => openTrained(name, { weights }))),
    chooseEngine({ engine: asked, threads }),
  ])
  models.forEach(checkTakesPhotos)
  tellFallback(chosen)
  // One image is wanted soon, many together soonest.
  const batch = images === 1 ? 1 : undefined
  return Promise.all(models.map((model) => Predictor.open(model, chosen.engine, batch)))
}

/** The one image with its steps, drawn as it is predicted. */
async function* showOne(
  source: ImageSource,
  predictors: readonly Predictor[],
  { invert, top }: PredictFlags,
  file: string,
): AsyncGenerator<PredictedImage, void, undefined> {
  const photo = await prepareSource(source, { invert })
  const [predictions = []] = await predictAll([photo.pixels], predictors)
  const { writeSteps } = await import('../photo/steps-picture.js')
  await writeSteps(
    file,
    photo.steps,
    predictions.map((prediction) => sentence(prediction, top)),
  )
  yield { name: source.name, error: null, photo, predictions }
  process.stderr.write(`Picture: ${file}\n`)
}

type Predicted = AsyncIterable<PredictedImage>

/** A line for each image and model; gives the errors of the images that have none. */
async function printLines(predicted: Predicted, { top }: PredictFlags): Promise<AtelierError[]> {
  const failures: AtelierError[] = []
  for await (const image of predicted) {
    if (image.error !== null) {
      failures.push(image.error)
      continue
    }
    const { name, photo, predictions } = image
    if (!photo.plain) process.stderr.write(`${name}: no plain background, so nothing was cut out\n`)
    for (const prediction of predictions) process.stdout.write(`${name}  ${sentence(prediction, top)}\n`)
  }
  return failures
}

/** `cnn: Ankle boot 97.3 %, Sneaker 1.9 %`, or a warning first. */
function sentence({ model: { name, classes: all }, unfamiliar, ...answer }: Prediction, top: number): string {
  const classes = rankClasses(answer, all)
    .slice(0, top)
    .map((one) => `${one.class} ${formatPercent(one.probability, 1)}`)
    .join(', ')
  return unfamiliar ? `${name}: like nothing it knows (${classes})` : `${name}: ${classes}`
}

/** One object; gives the errors of the images that have no predictions. */
async function printJson(predicted: Predicted, { top }: PredictFlags): Promise<AtelierError[]> {
  const failures: AtelierError[] = []
  const images: unknown[] = []
  for await (const image of predicted) {
    if (image.error !== null) failures.push(image.error)
    images.push(answerOf(image, top))
  }
  process.stdout.write(`${JSON.stringify({ images, failed: failures.length })}\n`)
  return failures
}

function answerOf(image: PredictedImage, top: number): unknown {
  if (image.error !== null) return { image: image.name, error: image.error.message }
  const { negated, untouched, blank, plain } = image.photo
  return {
    image: image.name,
    error: null,
    negated,
    untouched,
    blank,
    plain,
    predictions: image.predictions.map(({ model, familiarity, ...answer }) => ({
      model: model.name,
      class: answer.class,
      label: answer.label,
      probability: answer.probability,
      unfamiliar: answer.unfamiliar,
      score: familiarity?.score ?? null,
      threshold: familiarity?.threshold ?? null,
      top: rankClasses(answer, model.classes).slice(0, top),
    })),
  }
}
