/** From image sources to predictions, many at once: images are decoded while others are predicted. */
import { AtelierError } from '../core/errors.js'
import { mapInOrder } from '../core/in-order.js'
import type { PhotoOptions, PreparedPhoto } from '../photo/prepare.js'
import { prepareSource } from '../photo/read-image.js'
import type { ImageSource } from '../photo/sources.js'
import type { TrainedModel } from '../runs/trained-model.js'
import type { Answer } from './answer.js'
import type { Predictor } from './predictor.js'

/** A model's answer about an image. */
export interface Prediction extends Answer {
  readonly model: TrainedModel
}

/** An image's predictions, one a predictor, or why it has none. */
export type PredictedImage = { readonly name: string } & (
  | { readonly error: null; readonly photo: PhotoFacts; readonly predictions: readonly Prediction[] }
  | { readonly error: AtelierError }
)

/** What stays of the photo's steps when there are many. */
export type PhotoFacts = Pick<PreparedPhoto, 'pixels' | 'negated' | 'untouched' | 'blank' | 'plain'>

/** Images predicted at once, and so the most that are kept, decoded, while others are predicted. */
export const CHUNK = 500
/** Files read and decoded at once: twice what libuv's pool takes, so that none of its threads waits for a file. */
const WORKERS = 8

/** The images in their order; a source that fails does not stop the others. */
export async function* predictImages(
  sources: readonly ImageSource[],
  predictors: readonly Predictor[],
  options: PhotoOptions = {},
): AsyncGenerator<PredictedImage, void, undefined> {
  const prepared = mapInOrder(sources, (source) => prepare(source, options), {
    workers: WORKERS,
    ahead: 2 * CHUNK,
  })
  let chunk: Prepared[] = []
  for await (const image of prepared) {
    chunk.push(image)
    if (chunk.length < CHUNK) continue
    yield* predictChunk(chunk, predictors)
    chunk = []
  }
  yield* predictChunk(chunk, predictors)
}

type Prepared = { readonly name: string } & (
  | { readonly error: null; readonly photo: PhotoFacts }
  | { readonly error: AtelierError }
)

async function prepare(source: ImageSource, options: PhotoOptions): Promise<Prepared> {
  const { name } = source
  try {
    const { pixels, negated, untouched, blank, plain } = await prepareSource(source, options)
    return { name, error: null, photo: { pixels, negated, untouched, blank, plain } }
  } catch (error) {
    if (!(error instanceof AtelierError)) throw error
    return { name, error }
  }
}

async function* predictChunk(
  chunk: readonly Prepared[],
  predictors: readonly Predictor[],
): AsyncGenerator<PredictedImage, void, undefined> {
  const images = chunk.flatMap((image) => (image.error === null ? [image.photo.pixels] : []))
  const predictions = await predictAll(images, predictors)
  let next = 0
  for (const image of chunk) {
    if (image.error !== null) {
      yield image
      continue
    }
    yield { ...image, predictions: predictions[next++] as readonly Prediction[] }
  }
}

/** For each image what each predictor says of it. */
export async function predictAll(
  images: readonly Uint8Array[],
  predictors: readonly Predictor[],
): Promise<readonly (readonly Prediction[])[]> {
  const lists: Prediction[][] = []
  // One after another: an engine's threads are the whole machine's.
  for (const predictor of predictors) {
    const answers = await predictor.predict(images)
    lists.push(answers.map((answer) => ({ ...answer, model: predictor.model })))
  }
  return images.map((_, i) => lists.map((list) => list[i] as Prediction))
}
